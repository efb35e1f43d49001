"""Which words name a solution, and which are just what people say about what goes wrong."""

import time

import pytest

from app.pilots.solutions import solutions_named

SOLUTIONS = {
    "Een app die het stapt": ["app"],
    "Matrixborden en verkeersdrempels": ["Matrixborden", "verkeersdrempels"],
    "We need a smart dashboard with sensors": ["smart", "dashboard", "sensors"],
    "Er moeten slimme camera's en drempels komen.": ["slimme", "camera's"],
    "Bewoners willen een buurtapp om overlast te melden": ["buurtapp"],
    "Cameratoezicht op het plein": ["Cameratoezicht"],
    "Er zouden meer bankjes moeten staan langs de boulevard": ["bankjes"],
    "We willen graag extra verlichting langs het pad": ["verlichting"],
    "There should be more bins on the beach": ["bins"],
    "Residents want speed bumps in the Dorpsstraat": ["speed bumps"],
    "Put up a fence around the playground": ["fence"],
    "Geluidssensoren bij de cafés": ["Geluidssensoren"],
    "Met AI-camera’s tellen hoe druk het is": ["AI-camera’s"],
    "BuurtScan meet het geluid": ["BuurtScan"],
    "Een digitaal platform waarop bewoners spullen delen": ["digitaal"],
    "LED along the cycle path": ["LED"],
    "Drempels aanleggen in de straat": ["Drempels"],
    "Een fietsenstalling neerzetten bij het station": ["fietsenstalling"],
    "The city should install solar panels": ["install"],
    "Hang er een drone boven": ["drone"],
    "Use Safestreet® in our street": ["Safestreet®"],
}
PROBLEMS = """
Bewoners zien 's avonds niets op het fietspad langs de duinen en rijden daarom om.
Kinderen happen naar adem; de stappen zijn glad en het is druk op het bordes
De drempel om hulp te vragen is hoog.
Het hek is kapot en kinderen lopen zo het water in.
Op veel plaatsen staan borden scheef, en niemand ziet ze.
Ouderen moeten ver lopen en er is geen bank om te zitten.
Na de markt liggen er chips en bekers op straat.
Wie niet digitaal vaardig is, kan geen afspraak maken.
De digitale kloof raakt vooral ouderen.
Ouderen zonder smartphone kunnen nergens betalen.
Mensen doen hun inkopen in de stad, omdat de winkels dicht zijn.
The road led to nowhere and people trip over the kerb.
There is no sign of improvement; people feel unsafe.
People in wheelchairs meet barriers at every crossing.
The platform at the station is slippery when it rains.
Het trapportaal stinkt en de lamp is al weken stuk.
De laadpaal blijft bezet door auto's die al vol zijn.
Ai, dat deed pijn, zei mijn buurvrouw toen ze struikelde.
Slimme kinderen vervelen zich hier ook.
Zij slikt tabletten tegen de pijn en kan niet slapen van de herrie.
De bomen laten blad vallen en de put loopt over.
Willen jongeren hier blijven, dan is er niets voor hen te doen.
We willen niet over de drempel struikelen.
Children want to play but there is broken glass.
The trees need water in summer.
Bewoners van IJburg en Scheveningen-Dorp klagen over geluid.
At the McDonald's there is litter every night.
Er komen veel mensen langs de bank voorbij.
Er moet iets gebeuren: het water staat na elke bui in de kelder.
De verlichting valt elke avond uit.
The street lights go out at ten and people are afraid.
Fietsers remmen hard omdat het bord achter een struik staat.
Het appartement is te warm; de appels rotten op straat.
People put rubbish beside the bins.
Sensorische prikkels maken het plein voor sommige kinderen te druk.
Er is te weinig schaduw; in de zomer is het plein te heet.
Het is 's nachts zo licht dat vleermuizen wegblijven.
Automobilisten zetten hun auto op de stoep.
"""


def test_solutions_are_named_as_they_were_written() -> None:
    assert {text: solutions_named(text) for text in SOLUTIONS} == SOLUTIONS


@pytest.mark.parametrize("text", [line for line in PROBLEMS.splitlines() if line])
def test_everyday_words_are_no_solutions(text: str) -> None:
    assert solutions_named(text) == []


@pytest.mark.parametrize("piece", ["-a", "aB", "er moet ", "een ", "aapp ", "er moeten een en een "])
def test_no_text_takes_long(piece: str) -> None:
    before = time.perf_counter()
    solutions_named((piece * 3000)[:3000])
    assert time.perf_counter() - before < 0.5
