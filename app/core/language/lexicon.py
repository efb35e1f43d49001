"""The words that Dutch and English compounds in civic texts are made of, in the singular.

A compound falls apart only into words from these lists (or into one long word from them and a remainder),
so a missing word costs a little recall and a wrong word costs precision: leave out short words that often
occur inside others by chance.
"""

# Verb stems stand here too: "parkeer" in parkeerplaats, "zwem" in zwemles.
DUTCH_PARTS = """
aanbod aandacht aangifte aanhang aanleg aanpak aanrijding aansluiting aanvraag aanwijzing accu achter actie
activiteit adres adverteer advies afdak afhaal afspraak afval afvoer afwatering agent aggregaat alarm
alcohol algen ambtenaar ambulance angst antenne apotheek apparaat appartement arbeid arbeider arm armoede
artiest arts asfalt atelier auto automaat avond azc baan baas baby bad bader bagage bak bakfiets bakker bal
balie balk balkon band bank bar barbecue barriere basis basket batterij bazar bed bedelaar bedrag bedrijf
bedrijvigheid beek beeld beeldscherm been begeleiding begroting beheer beheerder behoefte bejaarde bel
belasting beleid beleving bemesting benzine bereik bereikbaarheid berg berging berm beroep bescherming
besluit besteding bestel bestemming bestrating bestrijd bestrijding bestuur bestuurder betaal beton beurt
beveiliging beweeg beweging bewoner bezoek bezoeker bezorg bezorgdienst bezorger bezorging bibliotheek bieb
bier bij bijeenkomst bijen bijt bink binnenstad blad bladeren blaf blik bloem blokkade bocht bode bodem boek
boer boerderij boete bom bont boodschap boom boot bord bos botsing boulevard bouw brand brandweer breed
brief brievenbus bril broed broek bromfiets brommer bron brood brug bruid bruikleen buffer bui buis buiten
bunker bus buur buurman buurt buurvrouw cabine cafe camera campagne camper camping cannabis caravan centrale
centrum chauffeur cirkel club coach coaching coffeeshop collectie collega commissie computer contact
container controle cooperatie corporatie crisis cultuur cursus cyclus dag dak dakloze dal dam dans darm data
dealer deel defect dek dekking delict dementie demonstratie depot detectie deur dicht dienst dier diesel
dijk discriminatie distributie docent doel dokter donker dood doolhof doorgang doorstroming dorp douche
draad draai dracht drank dreiging drempel dreun drijf drink drogist dronken droog droogte drug druif druk
drukte duif duik duin durf duur duw echo economie eend eenzaamheid eet eigenaar eik eikenprocessierups
eiland elektriciteit elektrisch emissie emmer energie erf erfgoed ergernis erosie etage evenement examen
explosie expositie fabriek fatbike feest feit festival fiets fietser film filter fitness flat flits flora
fluister fluit fonds fonkel fontein foodtruck foto fractie frituur functie fundering galerie galerij gang
gans garage gas gasfles gast gat gebied gebouw gebruik gebruiker gedrag gehandicapte gehoor gelag geld
geleide geluid geluk gemaal gemak gemeenschap gemeente generator gereedschap gesprek gevaar gevel gevoel
geweld gezin gezondheid gif gipsplaat glas glijbaan goederen goot graaf gracht graf graffiti granaat gras
gratis grens grind groei groen groente groep grofvuil grond gruis haag haard haast hal halte hand handel
handhaver handhaving handicap hang hardloop haven hefboom heg hek helling helm hemelwater herfst herrie
herstel hinder hitte hoek hof hoger hok hommel hond hoofd hoog hoogte hooi hoop horeca hotel hotspot hout
huid huis huisarts huishoud huisvesting huiswerk hulp hulpmiddel hut huur huurder hygiene idee ijs imker
import inbraak inbreker indeling informatie ingang ingreep initiatief inkomen inkoop inlever inloop inname
inrichting inrit insect inspectie inspraak installatie integratie intimidatie invalide inwoner inzamel
inzameling isolatie jager jat jeugd jogger jong jongere jurist kaart kaas kabel kachel kade kajuit kamer
kanaal kans kant kantoor kap kapper karton kast kastanje kat kerk kermis kern kerst ketel keten ketting
keuken keuring kijk kikker kilometer kind kinder kiosk kist klacht klank klas kleding klem kleuter klim
klimaat klok knelpunt knikker knip knoop knooppunt koelte kofferbak koffie konijn kook koop koord kop kost
kraai kraak kraam kraan krant krediet kreet krik kring kroeg kroon kruid kruimel kruis kruising kuil kunst
kunstenaar kunststof kunstwerk kust kwaliteit laad laag laan lachgas lade lading lamp land landschap langs
lantaarn lantaren laser last lawaai leefbaarheid leefomgeving leegstand leer leerling leiding lek lekkage
lente lerares les letsel leven lever levering lezing licht lift lig ligging lijn linde loket loods loof loop
los lucht luier luister lunch maai maaltijd maand maatje maatregel machine magneet man manege mantelzorg
mantelzorger markering markt marter mast materiaal matras medewerker meer meeuw meld melding melk mens meter
metro meubel middag middel migrant milieu mobiliteit modder moeder moeras moestuin mol molen monitor
monument moord mortuarium moskee motor mug muis museum muur muziek muzikant naald naast nacht natuur
neerslag nest net netwerk niveau nood noord nummer object oefen oever olie omgeving omheining omleiding
omloop omwonende onderdoorgang onderhoud onderneemer ondernemer onderwijs onderzoek ongedierte ongeluk
ongeval onkruid onrust ontbijt ontmoet ontmoeting ontsluiting ontwerp ontwijk ontwikkeling oog oost openbaar
opening opgang oplaad oplosser opnemer oppas opruim opslag opstap opvang organisatie oud ouder oudere oven
overdekking overgang overlast overleg overloop oversteek overstroming overtreding overval paal paard pad pak
pakket paleis pand paneel paniek papier parade paraplu park parkeer parkeerder partij pas passage passagier
patat pauze peil pendel pensioen pension perceel perk perron personeel persoon peuter pier pijp plaag plaat
plaats plan plank plant plantsoen plas plastic platform plein pleister plek plezier plint ploeg plug poep
poes politie pomp pont poort poot portaal portiek post pot praat praktijk prijs prijsvraag prik prikkel
prikpen prioriteit proces proef profiel programma project prullenbak puber publiek puin punt put raad raam
race racer radar radio rails ramp rand rat recht rechtbank reclame recreant recreatie recycling redding
regel regen regenton register reinig reiniging reis reiziger rek reken renner renovatie reparatie repareer
reservering rest restaurant retour reuk reunie richting rij rijden rijwiel ring riolering riool risico rit
rivier roei rok rol rollator rolluik rommel rondje rook rookworst roos rooster rotonde route ruim ruimte
ruit ruiter rumoer rups rust schaar schaats schade schaduw schakel scheer scheiding schelp scherf scherm
schietpartij schild schilder schip schoen scholier schommel school schoon schoonmaak schouw schuif
schuilplaats schuld schutting schuur scooter seizoen senior server service sfeer sier sigaret signaal sintel
skate skateboard skeeler slaap slacht slag slagboom slang sleep sleutel slim sloop sloot slot sluip sluis
sluiting snack sneeuw snel snelheid snoei snoep snoer sociaal solidariteit sollicitatie soort sorteer
souterrain spaar speel speelgoed spel spelletje spiegel spijt splitsing spoed spoor sport sporter spraak
spreek spreiding spring springkussen sproei spuit staal staan stad stadion stadsdeel staking stal stalling
stam stank start statiegeld station stedeling steeg steen steiger stek stekker stel stem stempel step
sterfte steun stichting stikstof stilte stoel stoep stof stok stook stoom stoot stop stopcontact stoplicht
storing storm stort straat straatmeubilair straatnaam strand strategie streek stress strijd stroming stront
strook stroom struik student studie stuif stuk stuur subsidie suiker supermarkt surf surveillance taak taal
tafel tak talent tand tank tap tarief taxi techniek teek tegel teken tekort telefoon tennis tent terras
terrein test textiel theater thema thuis tiener tijd toegang toegankelijkheid toekomst toerisme toerist
toestel toets toezicht toezichthouder toilet tomaat toneel toren tractor training tram transformator
transport trap trein trilling troep trottoir truck tuin tunnel turf turn tweewieler uitgaan uitgang uitgaven
uitje uitkering uitlaat uitleen uitrit uitstoot uitval uitvoer uitweg uitwisseling uitzicht vaar vaart vak
vakantie val vandaal vandalisme vat vee veeg veer veiligheid veld venster ventilatie verbinding verblijf
verbod verbouwing verbreding verbruik verdieping verdwaal vereniging verf vergadering vergoeding vergroen
vergroening vergunning verhaal verharding verhuizing verhuur verhuurder verkeer verkoeling verkoop
verlichting verlies vernieling verpakking verpleeg versiering verslag verslaving versnelling verstening
vertraging vervoer vervuiling verwarming verwijs verzakking verzet verzorg vest vijver vis visser visserij
vlag vlak vlakte vleermuis vlieg vliegtuig vlinder vloed vloer vlonder vloot vlucht vluchteling voeding
voedsel voedselbank voer voertuig voet voetbal voetganger vogel volk volks volleybal volume voorlichting
voorraad voorrang voorstelling voortuin voorziening vorm vos vraag vracht vriend vrijwilliger vrouw vuil
vuilnis vuur vuurwerk waak waarde waarschuwing wacht wachtlijst wagen wal wand wandel wandelaar wandeling
want warm warmte warmtepomp was wasserette water wederopbouw wedstrijd weer weesfiets weg weide welzijn
wereld werf werk werkgever werkloos werkplaats wesp west wet wiel wiet wijk wild wind windmolen winkel
winkelier winter wip woning woon wortel wrak yoga zaal zadel zak zand zebra zee zeehond zegel zeil
zelfbeheer zende zicht zieke zieken ziekenhuis ziekte zijde zijstraat zitting zoek zoen zolder zomer zon
zone zorg zout zuid zuil zwaan zwaar zwem zwemmer zwerf
"""

ENGLISH_PARTS = """
air back ball bath beach bike bin board boat book bottle box brick bridge broad building bus bush cable camp
camper can car cart chair child church city class club coach coast court cross cycle dead deck dog door down
drain drive dust earth electric face farm fence fire fish flag flat flood floor fly foot garden gate glass
grass green ground gutter hand handicap hang head health heat hedge hill hole home house ice kerb key kids
lake lamp land lane leaf life lifeguard light line litter lock mail man manhole market metal mile motor
mountain mouse music neighbor neighborhood neighbour neighbourhood net news night noise over owner paper
park parking path pavement pay pedestrian phone pipe pit place plant play plough plow pole pond pool port
post pot power quake rail rain ramp rat ring river road roof room root round rubbish safe sand school
scooter sea seat shop shore show side sidewalk sign signal site skate skip slide smoke snow sound space
speed sports stairs stand station stone stop storm street summer sun swimming table tap tent time toilet
town track traffic trail train tram trash tree truck trunk turn under vehicle view village walk wall waste
watch water way weed wheel wind window winter wood work yard youth zone
"""
