"""Words that residents use about every problem: they count for little when texts are compared."""

from functools import cache

from app.core.language import analyse, fold

WEAK = 0.35

DUTCH = """
aantal aanpakken achter avond avonds beetje begin begrijp bekend belangrijk bellen beste beter betere
bewoner bewoners blijft blijven brengen buurman buurt buurtbewoner buurtbewoners buurvrouw contact dag
dagelijks dagen denk denken dichtbij dringend durf durven eigen einde elkaar enige extra gebeurd gebeuren
gebeurt gebied gedaan gehad gekomen gekregen gelden gemaakt gemeente gemeld genoeg geregeld gevraagd
gezien gezin gisteren goed goede graag groepje groot grote hallo hangen helaas helft help helpen hoe hoek
hoop houden huidige hulp idee inwoner inwoners jaar jaren jammer kant keer keren kijken kleine klein
klacht klachten kom komen komt kort kosten laat laatste laten langs last laten leven liggen ligt lijkt
links loop lopen loopt maand maanden maatregel maatregelen man melden melding meldingen mensen minder mis
mogelijkheid moment mooi mooie morgen mw mevrouw nieuw nieuwe nodig normaal ochtend omgeving omwonenden
ongeveer onlangs onmiddellijk oplossen oplossing opnieuw oud oude over paar persoon plaats plaatsen plek
plekken probeer proberen probleem problemen proef project punt rechts reden regelen regelmatig richting
rustig samen situatie snel soort spreken stad steek stuk stukje tijd uur verder vanavond vandaag vanmiddag
vanmorgen verschillende vervelend voelen volgende vorig vorige vraag vragen vroeg vroeger wachten wanneer
week weekend weken weekeind weg werken werkt wijk wil woon wonen woont zaak zaken zelfde zeggen zet zetten
zien zitten zodoende een twee drie vier vijf zes zeven acht negen tien half halve kwart eerste tweede
derde vierde paar maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ergens nergens uurtje minuut
minuten middag helemaal zomaar slechts alsjeblieft aub svp dank bedankt vriendelijke groet groeten beste
geachte zorg zorgen laat gaande gemiddeld structureel toename toenemen toeneemt ervaren ervaart gevolg
hinder onvoldoende boven beneden buiten tegenover totdat behalve ondanks hoewel zelden alweer nogmaals hierdoor
waarbij vrouw vrouwen dochter zoon moeder vader vriend buren
"""

ENGLISH = """
area around asked ask away back bad best better big bit block bring call called city complaint concerned
contact corner council currently daily day days different end evening far fix fixed front good great group
happen happened happening happens help hope hour hours house idea issue issues large last late later leave
left little lives live living local long look looking looks lot matter mean minutes moment month months
morning move new next nice night number obviously old ongoing part past people person place point possible
problem problems put question reason recent recently report reported residents resident right road round
side situation small solve start started stop street talk tell time times today tomorrow town tried try
trying turn use week weekend weeks wife work working year years yesterday two three four five six seven
eight nine ten half quarter first second third fourth couple minute minutes monday tuesday wednesday
thursday friday saturday sunday nowhere somewhere afternoon dear sir madam thank thanks regards between across
along behind beside besides inside outside toward towards among against beyond below above beneath during except
despite opposite therefore neither everybody everything somebody anybody nobody none usually rarely twice perhaps
woman women man men husband daughter son mother father friend friends neighbour neighbours neighbor neighbors
"""


@cache
def weak_stems() -> frozenset[str]:
    dutch = {analyse(fold(word), "nl").stem for word in DUTCH.split()}
    english = {analyse(fold(word), "en").stem for word in ENGLISH.split()}
    return frozenset(dutch | english)


def is_weak(stem: str) -> bool:
    return stem in weak_stems() or (stem.isdigit() and len(stem) < 4)
