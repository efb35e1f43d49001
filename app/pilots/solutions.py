"""Words that name a solution: a pilot starts from the problem, and somebody who names one is asked what it is for.

In Dutch and English, also in compounds. What may just as well be what goes wrong (a fence, a kerb, a lamp) counts only
where somebody asks for it; what is said of people who are left behind by the digital world is a problem.
"""

import re

MOST_NAMED = 3

DEVICES = r"""
    [\w-]{0,40} (?:
        apps? | appjes? | camera[\w'’]* | sensor(?!i|y)\w* | robot(?:s|jes?)? | chatbots? | dashboards? | websites?
      | software | algoritmes? | algoritmen | algorithms? | blockchain | touchscreens? | scanauto[\w'’]*
    )
  | drones? | drone-\w+ | qr-?codes? | led-?(?:lamp|lampjes?|lampen|licht|verlichting|scherm|schermen|lights?)
  | (?:matrix|informatie|waarschuwings|snelheids|smiley)bord(?:en)? | informatieschermen? | informatiescherm
  | (?:verkeers|snelheids)drempels? | flitspa(?:al|len) | digital\stwins?
  | (?:data|buurt|wijk|deel|meld|bewoners|stads|online)[\s-]?(?:platforms?|portaal|portalen|portals?)
"""
WAYS = r"""
    slimme\b(?!\s(?:kind|mens|jong|leerling|buur)) | smart\b(?!\s(?:kid|child|people|person|pupil))
  | digita(?:al|le?)\b(?!\s(?:kloof|vaardig|wereld|tijd|divide|skill|exclusion|world|age|literacy|laag))
  | digitaliser(?:en|ing) | digiti[sz](?:e|ing|ation) | installeren | installeer | install | installing
  | uitrol | uitrollen | roll-?outs? | kunstmatige\sintelligentie | artificial\sintelligence | machine\slearning
  | internet\sof\sthings | big\sdata | virtual\sreality | high-?tech
"""
SHORT = r"(?:AI|IoT|LED|QR|RFID)"
"""Only in capitals: "ai" is what somebody says who stumbles, and "led" is a verb."""

BRANDS = r"(?:whatsapp|nextdoor|chatgpt|philips|siemens|signify|huawei|tesla)"
NOT_A_PRODUCT = r"(?!Mc|Mac|GroenLinks|PvdA|PvdD)"
COINED = rf"\b{NOT_A_PRODUCT}(?=\w{{5}})[A-Z]?[a-z]+[A-Z]\w+|\w+[®™]"
"""Names with a capital in the middle, or a mark behind: BuurtScan, iLight, Safestreet®."""

THINGS_NL = r"""
    drempels? | bord(?:en|jes?)? | pa(?:al|len) | paaltjes? | hek(?:ken|jes?)? | slagb(?:oom|omen) | schermen? | scherm
  | lamp(?:en)? | lantaarns? | lantaarnpa(?:al|len) | verlichting | bank(?:en|jes?)? | (?:prullen|afval)bak(?:ken)?
  | containers? | zebrapad(?:en)? | rotondes? | (?:stop|verkeers)licht(?:en)? | fietsenrek(?:ken)?
  | fietsenstalling(?:en)? | laadpa(?:al|len) | zonnepane(?:el|len) | b(?:oom|omen) | wifi | platforms? | tablets?
  | bloembak(?:ken)? | hokken? | speeltoestel(?:len)? | drukknop(?:pen)? | spiegels?
"""
THINGS_EN = r"""
    (?:speed\s)?(?:bumps?|humps?) | bollards? | fences? | barriers? | signs? | billboards? | screens? | bench(?:es)?
  | bins? | (?:street\s?|traffic\s)?(?:lights?|lighting) | lamps? | crossings? | roundabouts? | chargers? | trees?
  | (?:charging|power)\spoints? | racks? | bike\sracks? | wi-?fi | platforms? | tablets? | mirrors? | planters?
  | solar\spanels? | zebra\scrossings?
"""
FILLERS_NL = r"""
    (?: (?:een|meer|extra|nieuwe?|betere?|hogere|lagere|grotere?|kleine|paar|enkele|aantal|veel|overal|hier|daar|graag
      | ook|wat|goede|mooie|zo['’]n|twee|drie|vier|vijf|groene|gewoon|dan|snel|nog|echte|langs|en|\d+)\s ){0,4}
"""
FILLERS_EN = r"""
    (?: (?:an?|more|new|better|extra|some|few|several|additional|up|in|higher|many|enough|two|three|four|proper|real
      | also|just|and|\d+)\s ){0,4}
"""
WANTED_NL = (
    r"\b(?:er|hier|daar)\s(?:moet|moeten|zou|zouden|komt|komen|mogen)\s" + FILLERS_NL + rf"(?P<a>{THINGS_NL})\b",
    r"\b(?:wil|willen|wensen|vragen\som|vraagt\som|behoefte\saan|pleiten\svoor|stellen\svoor|voorstel\svoor)\s"
    + FILLERS_NL
    + rf"(?P<a>{THINGS_NL})\b",
    rf"\b(?P<a>{THINGS_NL})\s" + FILLERS_NL
    + r"(?:te\s)?(?:plaatsen|bijplaatsen|neerzetten|neer\ste\szetten|aanleggen|aan\ste\sleggen|ophangen|op\ste\shangen"
    r"|invoeren|aanschaffen|planten|nodig)\b",
)  # fmt: skip
WANTED_EN = (
    r"\b(?:needs?|wants?|wish\sfor|place|put|add|build|plant|introduce|provide|propose|should\s(?:be|have|get)"
    r"|must\s(?:be|have|get))\s" + FILLERS_EN + rf"(?P<a>{THINGS_EN})\b",
)  # fmt: skip

ALWAYS = re.compile(rf"\b(?P<a>{DEVICES}|{WAYS}|{BRANDS})(?![\w'’])", re.IGNORECASE | re.VERBOSE)
AS_WRITTEN = re.compile(rf"\b(?P<a>{SHORT}\b|{COINED})")
WANTED = [re.compile(pattern, re.IGNORECASE | re.VERBOSE) for pattern in (*WANTED_NL, *WANTED_EN)]


def solutions_named(text: str) -> list[str]:
    """The first few words of a text that name a product or a way to solve something, as they were written."""
    found = [match for pattern in (ALWAYS, AS_WRITTEN, *WANTED) for match in pattern.finditer(text)]
    named: dict[str, str] = {}
    read_up_to = 0
    for match in sorted(found, key=lambda match: (match.start("a"), -match.end("a"))):
        if match.start("a") >= read_up_to:
            named.setdefault(match["a"].casefold(), match["a"])
            read_up_to = match.end("a")
    return list(named.values())[:MOST_NAMED]
