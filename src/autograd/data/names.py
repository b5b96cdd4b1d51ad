"""First names that nobody bears: text to learn from, a word at a time."""

from __future__ import annotations

import os
from pathlib import Path


def names(path: str | os.PathLike[str] | None = None) -> list[str]:
    """Return made-up first names, or those of a file.

    The names of the package are 3 to 8 letters from a to z, in alphabetical order, each once.

    Parameters
    ----------
    path : str or path, optional
        A text file in UTF-8 with one name a line. White space around a name and empty lines are
        left out; nothing else is changed.

    Returns
    -------
    list of str
        A new list, in the order of the file.

    Raises
    ------
    OSError
        If the file cannot be read.
    ValueError
        If it is not UTF-8, or there is no name in it.

    Examples
    --------
    >>> names()[:3], len(names())
    (['aelkai', 'alvena', 'amurin'], 164)
    """
    if path is None:
        return NAMES.split()
    raw = Path(path).read_bytes()
    try:
        text = raw.decode("utf-8-sig")  # some editors begin a file with a mark
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = (
            f"[names] line {line} of {os.fspath(path)} is not UTF-8 - text in UTF-8 is needed."
        )
        raise ValueError(f"{message} Convert the file.") from None
    found = [line.strip() for line in text.splitlines()]
    found = [name for name in found if name]
    if not found:
        message = f"[names] {os.fspath(path)} has no names - at least one is needed."
        raise ValueError(f"{message} Write one a line.")
    return found


NAMES = """
aelkai alvena amurin anvoric arbelin asthora aurvek azimel balmoyn baxandra belkiva berrun bexlorin
boskara bravane brenthox bridora brixel brostin calverra casilva ceofan cervai cilmara corvoyn
cuneth cyralin dalvora datharin delmis detolis dirva dodoric dravenna drelmu drovin durvela ebrisa
edorin elkara elvoric emberis eneth eoskena eskarin estolva evandor ezoral fadomir falvera faskoi
felmora fendrel fiatha finthor flavane floskia forvin fyrella galdis gavoric gefrin gilera glusken
gorvane gunathe gylmora hadrava hafenna helkor hervina hiloric hovane hyssel iadriel ibelis ilvarra
imdoric inthela irvoyn iskara istovel ivrenna jalvor jarrath javessa jeovin jervala jisora jolmis
jurvane kaelvor kavessa kelthin kethedor kirvala klaxona kolvane koskira kurrin laskael ledrith
lendova lirvane lofenna lorvik luskara lydrel maedrin malvoya marvoe meltora mirvane modrel mulkara
myrthen narilva nebrin neorra niskoth nolvane novessa nyxara obiarra odrella olvane onthera orrosin
oskavel ozuric padrela paelmor pervane pilmora ponthera prizayn prolka quarell quistel quorvane
ralkeri rethova rintho rolvena runneth saskalis selvoric sethova skarrin stavela thessor thurlai
tilvane trennova ulvane urdessa vessorin volkira wendova xarelin yeskara yothiel zelmun zorvane
"""
