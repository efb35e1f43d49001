from app.commands import run

run()
