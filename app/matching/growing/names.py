"""Tells names, numbers and addresses from words: what may be somebody's is never learned.

A name is told by its capital inside a sentence, by "meneer" before it, or because many people are called so. A word
counts as one only where somebody writes it small.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from app.core.language import words_of

CHUNK = re.compile(r"\S+")
ENDS_SENTENCE = re.compile(r"[.!?:;…]+[\"'”’)\]]*$")
REACHED_BY = re.compile(r"@|://|www\.|\w\.(?:nl|com|org|net|be|eu)\b", re.IGNORECASE)
LETTERS = re.compile(r"[^\W\d_]+")
MANY_CAPITALS = 0.4  # of the words of a sentence: somebody shouts, or writes a heading

TITLES_SAID = """
meneer mevrouw mijnheer mw mevr dhr hr heer juf juffrouw meester buurman buurvrouw familie fam oom tante opa oma
dokter dominee pastoor wethouder burgemeester agent wijkagent
mister missus mr mrs ms miss sir madam uncle aunt doctor councillor mayor officer
"""
TITLES = frozenset(TITLES_SAID.split())

CALLED_SAID = """
aad aaron abdel abdullah achmed adam adriaan ahmed aisha albert alex alexander ali alice alicia alina amber amina amy
andre andrea andrew andy angela anita anja anna anne annemarie annie anouk anthony anton antonio arie arjan arjen
arnold ashley astrid ayse bart bas ben bert bianca bilal bob boris bram brenda brian carla carlos carmen caroline
catharina charles charlotte chantal chris christian christine cindy claudia clara coen cor cornelis daan daisy dana
daniel daphne david debbie deborah dennis diana dick dirk dolf donald dorien dylan eddy edwin eefje elena elif
elisabeth elise elizabeth elke ellen els elsa emily emine emma emre eric erica erik erwin esra esther eva evelien
fatih fatima fatma femke ferdi fleur floor florian fouad frank frans fred freek frits gary geert geertje george
gerard gerrit gert gijs greta guus hakan hamid hannah hans harry hasan hassan heleen helen helena henk henny henry
herman hilde hugo huseyin ibrahim ilse imane ineke ingrid irene iris isa isabel ismail ivan ivo jaap jack jackie
jacob jacqueline jaimy james jamie jan jane janneke jasmijn jason jasper jelle jennifer jenny jeroen jessica jet
jim joan johan johanna johannes john johnny joke jolanda jonas jonathan joost jordan joris jos joseph joyce judith
julia julian julie jurgen justin karel karen karim karin kasper kate katja kees kelly kemal ken kenneth kevin khalid
kim klaas koen kristel lars laura lena leo lianne lidia lies lieke linda lisa liza loes lotte louis louise luc lucas
lucy luuk maaike maarten madelon mandy manon marc marcel marco margriet maria mariam marianne marie marieke marijke
marina mario marion marit mark marleen marlies marloes marry martijn martin martine mary mathijs matthew maud maurice
max mehmet melanie melissa menno merel mia michael michel michelle mieke miranda mirjam mo mohamed mohammed monique
murat mustafa myrthe nadia naomi natasja nathalie nel nicole niels nienke nina noor nora nour olaf olga omar oscar
osman otto pamela pascal patricia patrick paul paula pauline peter petra philip pieter piet pim priya quinten rachel
rachid ramona raymond rebecca remco rene richard rick rik rita rob robert robin roel roelof roland ron ronald
rosa roy ruben rudolf ruud ryan sabine said salma sam samantha samira sander sandra sanne sara sarah saskia sebastiaan
selma serkan sharon sheila sietske silvia simone sjaak sjoerd sofia sofie sonja stefan steven sultan susan suzanne
svetlana sylvia tamara tanja teun thea theo thijs thomas tim timo tineke tom tony truus ufuk usha valerie vera victor
vincent wendy wesley willem wilma wim wouter yasin yasmin yolanda youssef yusuf yvonne zeynep zoe
bakker bos brouwer dekker dijkstra hendriks jansen janssen janssens jong kok kuiper linden meijer mulder peeters
peters postma prins smit smits veenstra verhoeven vermeulen visser vos vries willems yilmaz kaya singh patel
smith jones williams brown johnson taylor davies wilson evans roberts
"""
CALLED = frozenset(CALLED_SAID.split())
"""What many people are called and no problem of a neighbourhood is."""


class Spoken(NamedTuple):
    """A word as somebody wrote it: `small` where it surely is no name, `name` where it looks like one."""

    word: str
    small: bool
    name: bool


BREAK = Spoken("", False, True)
"""Where a sentence ends, or something stands that is no word: a number, an address."""


def spoken_words(text: str) -> Iterator[Spoken]:
    """Every word in order, with a break between sentences."""
    for sentence in _sentences(text):
        capitals = sum(chunk[:1].isupper() for chunk in sentence) > 1 + MANY_CAPITALS * len(sentence)
        before = ""
        for at, chunk in enumerate(sentence):
            if REACHED_BY.search(chunk) or any(letter.isdigit() for letter in chunk):
                yield BREAK
                continue
            letters = LETTERS.search(chunk)
            high = bool(letters) and letters is not None and not letters.group()[0].islower()
            for word in words_of(chunk):
                called = before in TITLES or word in CALLED
                yield Spoken(word, not high and not called, called or (high and at > 0 and not capitals))
                before = word
        yield BREAK


def _sentences(text: str) -> Iterator[list[str]]:
    for line in text.splitlines():
        sentence: list[str] = []
        for chunk in CHUNK.findall(line):
            sentence.append(chunk)
            if ENDS_SENTENCE.search(chunk):
                yield sentence
                sentence = []
        if sentence:
            yield sentence
