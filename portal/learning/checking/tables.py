"""Small closed lists of each language that the rules name."""

from portal.learning.checking.text import unaccent

# A2: the accent tells two words apart and nothing else does.
ACCENT_PAIRS = frozenset(
    "tú él sí más mí té dé sé aún qué quién quiénes cómo cuándo cuánto cuánta cuántos cuántas dónde adónde "
    "cuál cuáles éste ésta éstos éstas ése ésa ésos ésas aquél aquélla aquéllos aquéllas".split()
)

# S3: run together or apart they are different words, so a hyphen does not join them either.
APART = {
    "es": frozenset(
        "porque porqué sino también tampoco demás aparte sobretodo haber conque mediodía acaso aun".split()
    ),
    "en": frozenset(),
}
# S3 where the letters change too.
CONFUSED_APART = {"tan bien": "también", "tan poco": "tampoco", "a ver": "haber"}

# G: little words whose form only follows the next sound.
SOUND_PAIRS = {
    "es": {frozenset(("y", "e")), frozenset(("o", "u"))},
    "en": {frozenset(("a", "an"))},
}
FUSED = {"al": ("a", "el"), "del": ("de", "el")}

# K3: heard alike, and only one of them is a contraction.
HEARD_ALIKE = {
    frozenset(("youre", "your")),
    frozenset(("theyre", "their")),
    frozenset(("theyre", "there")),
    frozenset(("whos", "whose")),
    frozenset(("its", "itis")),
}

NEGATIONS = {
    "es": frozenset("no nunca jamás ni nadie nada ningún ninguno ninguna tampoco sin".split()),
    "en": frozenset("no not never nor none nobody nothing neither cannot without".split()),
}

# Opposites a person could be hurt by; the label T2 says so. They are never accepted for one another.
_OPPOSITES = {
    "es": (
        "abrir/cerrar abre/cierra abra/cierre abierto/cerrado abierta/cerrada prender/apagar prende/apaga "
        "prenda/apague prendido/apagado prendida/apagada encender/apagar enciende/apaga encienda/apague "
        "encendido/apagado encendida/apagada subir/bajar sube/baja suba/baje arriba/abajo dentro/fuera "
        "adentro/afuera entrar/salir entra/sal entre/salga entrada/salida antes/después siempre/nunca con/sin "
        "conectar/desconectar conecta/desconecta conecte/desconecte conectado/desconectado "
        "conectada/desconectada energizar/desenergizar energizado/desenergizado energizada/desenergizada "
        "energice/desenergice bloquear/desbloquear bloquea/desbloquea bloquee/desbloquee "
        "bloqueado/desbloqueado arrancar/parar arranca/para arranque/pare iniciar/detener seguro/inseguro "
        "segura/insegura izquierda/derecha más/menos lleno/vacío caliente/frío empujar/jalar empuja/jala "
        "empuje/jale cargado/descargado cargar/descargar activar/desactivar activo/inactivo todo/nada "
        "algo/nada alguien/nadie algún/ningún alguno/ninguno alguna/ninguna también/tampoco "
        "sí/no am/pm mañana/noche alto/bajo alta/baja"
    ),
    "en": (
        "on/off up/down in/out into/out open/close open/shut opened/closed open/closed before/after "
        "always/never with/without start/stop started/stopped safe/unsafe safely/unsafely lock/unlock "
        "locked/unlocked energized/deenergized energize/deenergize energised/deenergised left/right "
        "more/less above/below over/under push/pull hot/cold full/empty high/low enter/exit enter/leave "
        "inside/outside connect/disconnect connected/disconnected load/unload loaded/unloaded raise/lower "
        "active/inactive all/none everybody/nobody everyone/nobody yes/no am/pm live/dead wear/remove "
        "tighten/loosen ever/never none/one nobody/somebody nothing/something "
        "not/now can/cannot must/may day/night first/last"
    ),
}


def _both_ways(pairs: str) -> dict[str, frozenset[str]]:
    table: dict[str, set[str]] = {}
    for pair in pairs.split():
        one, other = pair.split("/")
        table.setdefault(one, set()).add(other)
        table.setdefault(other, set()).add(one)
    return {word: frozenset(others) for word, others in table.items()}


OPPOSITES = {lang: _both_ways(pairs) for lang, pairs in _OPPOSITES.items()}
# Prefixes that turn a word round: a typo between the two words is not a typo of either.
TURNING_PREFIXES = {
    "es": ("des", "in", "im", "anti"),
    "en": ("un", "de", "dis", "in", "im", "non", "mis", "anti"),
}

# Contractions: what the part after the apostrophe stands for.
AUXILIARIES_WITH_NOT = {
    f"{verb}n't": (verb, "not")
    for verb in (
        "do does did is are was were has have had could would should must need might ought dare".split()
    )
} | {
    "can't": ("can", "not"),
    "won't": ("will", "not"),
    "shan't": ("shall", "not"),
    "mustn't": ("must", "not"),
}
ENDINGS = {"'m": "am", "'re": "are", "'ll": "will", "'ve": "have"}
BEFORE_IS = frozenset(
    "it he she that this who what where when why how there here everyone everybody someone somebody "
    "nobody nothing something everything anyone one which".split()
)
HAS_BEFORE = frozenset(("been", "got", "had"))
HAD_BEFORE = frozenset(
    "better been had got gone done seen taken given known written spoken broken chosen forgotten begun "
    "eaten fallen driven shown grown lost won left sent built met told heard paid said made kept held "
    "found thought brought bought taught caught".split()
)
WOULD_OR_HAD_BEFORE = frozenset("come become run put cut let set hit read hurt quit".split())
PASSED_OVER = frozenset("never always already just also not only still ever recently".split())
# After these, noun + 's can only be "is": The steward's not here.
AFTER_IS = frozenset("a an the not in on at here there very too never always going".split())
PRONOUNS = frozenset("i you he she it we they".split())
# Contractions without their apostrophe that are words of their own: only a listed contraction excuses them.
WORDS_WITHOUT_APOSTROPHE = frozenset("were well shell hell ill wed shed id lets whore".split())

# Where a US verb is spelled like a noun the UK spells otherwise, the UK spelling fits the noun only.
UK_NOUNS = frozenset("cheque cheques tyre tyres kerb kerbs draught draughts".split())
BEFORE_VERB = frozenset(
    "to please must should will would can could may might shall not never always and or then also "
    "i you we they he she it do does did don't".split()
)

INFLECTIONS = {
    "es": frozenset(
        (
            "s es a o as os e en an n aron ieron amos emos imos ar er ir r ando iendo ado ido ada ida ados idos "
            "adas idas aba aban ia ian ara are ase aria arian era eria ira iria io iste aste i is ais eis na ra "
            "mos la lo las los"
        ).split()
    )
    | {""},
    "en": frozenset("s es d ed ing er ers est e ly y ies ied n en".split()) | {""},
}


def same_stem(one: str, other: str, lang: str) -> bool:
    """Whether two words look like two forms of one: equal but for an ending of the language."""
    one, other = unaccent(one), unaccent(other)
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    endings = INFLECTIONS[lang]
    floor = 1 if min(len(one), len(other)) <= 3 else 3
    return any(
        one[cut:] in endings and other[cut:] in endings
        for cut in range(min(shared, len(one), len(other)), floor - 1, -1)
    )
