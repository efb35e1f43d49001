"""Words that say nothing about a problem; they are neither indexed nor searched for. Folded to ASCII."""

from functools import cache

DUTCH = """
aan al alle allemaal alleen alles als altijd ander andere anders bij bijna bijv bijvoorbeeld binnen ben
bent daar daarbij daardoor daarna daarnaast daarom daarvan dan dat de der deze die dit doe doen doet door
dus echt echter een eens eerst eigenlijk elk elke en enkele er erg ergens erop ervan even ga gaan gaat
gauw geen gewoon graag haar had hadden heb hebben hebt heeft heel hele hem hen het hier hij hoe hoeft hoor
hun iedere iedereen iemand iets ik in ineens inmiddels is ja je jij jou jouw juist jullie kan kon konden
krijg krijgen krijgt kunnen kunt lang langer liever maak maakt maar mag me meer meest meestal men met mij
mijn misschien moest moet moeten mogen mogelijk na naar naast nadat namelijk nee neem niemand niet niets
nog nogal nooit nou nu of om omdat onder ons onze ook op opeens over overal pas per precies rond sinds
soms staan staat steeds te tegen ten ter terug terwijl tijdens toch toe toen tot tussen u uit uw vaak van
vanaf vandaar vanuit vanwege veel verder via vind vindt volgens voor vooral voorbij waar waardoor waarom
wanneer want waren was wat we weer weet wel welke wie wij wil willen word worden wordt wou zal ze zeer zeg
zegt zei zelf zelfs zich zie ziet zij zijn zit zn mn dr zo zoals zodat zodra zonder zou zouden zowel zulke
"""

ENGLISH = """
a about after again all almost already also although always am an and any anyone anything are aren as at
be because been before being both but by came can cannot come comes could couldn did didn do does doesn
doing don done each either else etc even ever every everyone few for from get gets getting go goes going
gone got had hadn has hasn have haven having he her here hers him himself his how however i if in into is
isn it its itself just kind let like ll made make makes many may maybe me might mine more most much must
my near need needs never no nor not nothing now of off often on once one only onto or other others our
ours out over own per please pretty quite rather re really same say says see seem seems seen several shall
she should shouldn since so some someone something sometimes soon still such sure than that the their
theirs them then there these they thing things think this those though through thus to too took under
until up upon us used very via want was wasn we well went were weren what when where whether which while
who whole whom whose why will with within without won would wouldn yes yet you your yours ve arent cant
couldnt didnt doesnt dont hadnt hasnt havent im isnt ive shouldnt thats theres theyre wasnt werent weve
wont wouldnt youre
"""

# Small words of one language that name a thing in the other.
DUTCH_THINGS = frozenset(["kind", "made"])
ENGLISH_THINGS = frozenset(["die", "door", "men", "ten", "toe"])

DUTCH_STOPWORDS = frozenset(DUTCH.split()) - ENGLISH_THINGS
ENGLISH_STOPWORDS = frozenset(ENGLISH.split()) - DUTCH_THINGS
BOTH = DUTCH_STOPWORDS | ENGLISH_STOPWORDS


@cache
def stopwords(language: str) -> frozenset[str]:
    """Those of the other language too, since people mix."""
    return BOTH | (DUTCH_THINGS if language == "en" else ENGLISH_THINGS if language == "nl" else frozenset())
