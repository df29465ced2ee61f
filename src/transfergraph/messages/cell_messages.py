"""What is wrong with a cell or with a row: (message, remedy)."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

_VALUES: Mapping[str, tuple[Text, Text]] = {
    "table.blank-required": (
        Text("Die Zelle „{column}“ ist leer.", "The cell “{column}” is blank."),
        Text(
            "Einen Wert eintragen; jede Zeile braucht ihn.",
            "Enter a value; each row needs it.",
        ),
    ),
    "table.wrong-type.key": (
        Text("„{value}“ ist kein Schlüssel.", "“{value}” is not a key."),
        Text(
            "Mit einem Buchstaben oder einer Ziffer beginnen; danach sind Buchstaben, Ziffern und . _ / % - "
            "erlaubt, zum Beispiel „htw-dresden“.",
            "Begin with a letter or a digit; after it letters, digits and . _ / % - are allowed, for example "
            "“htw-dresden”.",
        ),
    ),
    "table.wrong-type.edtf": (
        Text("„{value}“ ist keine Zeitangabe.", "“{value}” is not a date."),
        Text(
            "Ein Jahr, einen Monat oder einen Tag eintragen: 2019, 2019-10 oder 2019-10-01.",
            "Enter a year, a month or a day: 2019, 2019-10 or 2019-10-01.",
        ),
    ),
    "table.wrong-type.date": (
        Text("„{value}“ ist kein Tag.", "“{value}” is not a day."),
        Text("Jahr, Monat und Tag eintragen: 2019-10-01.", "Enter year, month and day: 2019-10-01."),
    ),
    "table.wrong-type.decimal": (
        Text(
            "„{value}“ ist keine Zahl in der erwarteten Form.",
            "“{value}” is not a number in the expected form.",
        ),
        Text(
            "Nur Ziffern und höchstens einen Punkt eintragen, ohne Einheit: 1234.50.",
            "Enter digits and at most one point only, without a unit: 1234.50.",
        ),
    ),
    "table.wrong-type.integer": (
        Text("„{value}“ ist keine ganze Zahl.", "“{value}” is not a whole number."),
        Text(
            "Nur Ziffern eintragen: 40. „Mehr als“ oder „etwa“ gehört in die Spalte „qualifier“.",
            "Enter digits only: 40. “More than” or “about” belongs in the column “qualifier”.",
        ),
    ),
    "table.wrong-type.url": (
        Text("„{value}“ ist keine vollständige Webadresse.", "“{value}” is not a complete web address."),
        Text(
            "Die ganze Adresse eintragen, mit https:// am Anfang.",
            "Enter the whole address, with https:// at its beginning.",
        ),
    ),
    "table.wrong-type.pattern": (
        Text(
            "„{value}“ hat nicht die Form, die die Spalte „{column}“ verlangt.",
            "“{value}” does not have the form that the column “{column}” asks for.",
        ),
        Text(
            "Verlangt wird: {description} (Muster {pattern}).",
            "Asked for is: {description} (pattern {pattern}).",
        ),
    ),
    "table.no-such-day": (
        Text("Den Tag „{value}“ gibt es im Kalender nicht.", "The calendar has no day “{value}”."),
        Text(
            "Den Tag berichtigen oder nur Jahr und Monat eintragen.",
            "Correct the day, or enter year and month only.",
        ),
    ),
    "table.german-date": (
        Text(
            "„{value}“ ist eine Zeitangabe in deutscher Schreibweise.",
            "“{value}” is a date in German notation.",
        ),
        Text("{suggestion} eintragen.", "Enter {suggestion}."),
    ),
    "table.excel-serial": (
        Text(
            "„{value}“ ist vermutlich die Seriennummer des Tabellenprogramms für {suggestion}.",
            "“{value}” is probably the serial number that the spreadsheet program has for {suggestion}.",
        ),
        Text(
            "{suggestion} eintragen und die Spalte vorher als Text formatieren.",
            "Enter {suggestion}, after formatting the column as text.",
        ),
    ),
    "table.decimal-comma": (
        Text("„{value}“ ist mit Dezimalkomma geschrieben.", "“{value}” is written with a decimal comma."),
        Text("{suggestion} eintragen.", "Enter {suggestion}."),
    ),
    "table.error-value": (
        Text(
            "Die Zelle enthält den Fehlerwert „{value}“ des Tabellenprogramms.",
            "The cell holds the error value “{value}” of the spreadsheet program.",
        ),
        Text(
            "Die Formel in Ordnung bringen oder den Wert selbst eintragen.",
            "Repair the formula, or enter the value itself.",
        ),
    ),
    "table.cell-too-long": (
        Text(
            "Die Zelle hat mehr als die {limit:n} Zeichen, die erlaubt sind.",
            "The cell has more than the {limit:n} characters that are allowed.",
        ),
        Text(
            "Den Text kürzen, oder in transfergraph.toml unter [limits] cell_length erhöhen.",
            "Shorten the text, or raise cell_length under [limits] in transfergraph.toml.",
        ),
    ),
}

_REFERENCES: Mapping[str, tuple[Text, Text]] = {
    "table.duplicate-key": (
        Text(
            "Der Schlüssel „{key}“ steht schon in Zeile {row}.",
            "The key “{key}” already stands in row {row}.",
        ),
        Text(
            "Eine der beiden Zeilen löschen oder ihr einen eigenen Schlüssel geben.",
            "Delete one of the two rows, or give it a key of its own.",
        ),
    ),
    "table.duplicate-key.elsewhere": (
        Text(
            "Der Schlüssel „{key}“ steht schon in {file}, Zeile {row}; beide würden dasselbe bezeichnen.",
            "The key “{key}” already stands in {file}, row {row}; both would name one and the same thing.",
        ),
        Text(
            "Einer der beiden Zeilen einen eigenen Schlüssel geben.",
            "Give one of the two rows a key of its own.",
        ),
    ),
    "table.missing-reference": (
        Text(
            "„{value}“ steht in keiner Zeile von {tables}.",
            "“{value}” stands in no row of {tables}.",
        ),
        Text(
            "Den Schlüssel berichtigen oder „{value}“ als Zeile anlegen.",
            "Correct the key, or add “{value}” as a row.",
        ),
    ),
    "table.missing-reference.suggested": (
        Text(
            "„{value}“ steht in keiner Zeile von {tables}; vermutlich ist „{likely}“ gemeint.",
            "“{value}” stands in no row of {tables}; “{likely}” is probably meant.",
        ),
        Text(
            "„{likely}“ eintragen oder „{value}“ als Zeile anlegen.",
            "Enter “{likely}”, or add “{value}” as a row.",
        ),
    ),
    "table.unknown-concept": (
        Text(
            "„{value}“ ist kein Begriff der Liste „{scheme}“.",
            "“{value}” is not a term of the list “{scheme}”.",
        ),
        Text("Einen Begriff der Liste eintragen: {allowed}.", "Enter a term of the list: {allowed}."),
    ),
    "table.unknown-concept.suggested": (
        Text(
            "„{value}“ ist kein Begriff der Liste „{scheme}“; vermutlich ist „{likely}“ gemeint.",
            "“{value}” is not a term of the list “{scheme}”; “{likely}” is probably meant.",
        ),
        Text(
            "„{likely}“ eintragen oder einen anderen Begriff der Liste: {allowed}.",
            "Enter “{likely}”, or another term of the list: {allowed}.",
        ),
    ),
    "table.cycle": (
        Text(
            "„{key}“ ist über die Spalte „{column}“ ein Teil von sich selbst: {chain}.",
            "“{key}” is a part of itself through the column “{column}”: {chain}.",
        ),
        Text(
            "Die Zelle „{column}“ in einer dieser Zeilen berichtigen oder leeren.",
            "Correct or clear the cell “{column}” in one of these rows.",
        ),
    ),
    "table.end-before-start": (
        Text(
            "Das Ende {end} liegt vor dem Beginn {start}.",
            "The end {end} lies before the beginning {start}.",
        ),
        Text(
            "Beginn oder Ende berichtigen; vielleicht sind die beiden vertauscht.",
            "Correct the beginning or the end; perhaps the two are swapped.",
        ),
    ),
}

_CHARACTERS: Mapping[str, tuple[Text, Text]] = {
    "table.invisible-character": (
        Text(
            "Die Zelle enthält an Stelle {position} ein unsichtbares Zeichen: {character}.",
            "The cell contains an invisible character at position {position}: {character}.",
        ),
        Text(
            "Den Wert neu eintippen, statt ihn einzufügen: {suggestion}",
            "Type the value anew instead of pasting it: {suggestion}",
        ),
    ),
    "table.control-character": (
        Text(
            "Die Zelle enthält an Stelle {position} ein Steuerzeichen: {character}.",
            "The cell contains a control character at position {position}: {character}.",
        ),
        Text("Das Zeichen löschen.", "Delete the character."),
    ),
    "table.forbidden-character.key": (
        Text(
            "Der Schlüssel „{value}“ enthält ein Zeichen, das dort nicht stehen darf: {character}.",
            "The key “{value}” contains a character that may not stand there: {character}.",
        ),
        Text(
            "Nur Buchstaben, Ziffern und . _ / % - verwenden, zum Beispiel „htw-dresden“.",
            "Use letters, digits and . _ / % - only, for example “htw-dresden”.",
        ),
    ),
    "table.forbidden-character.url": (
        Text(
            "Die Adresse „{value}“ enthält ein Zeichen, das dort nicht stehen darf: {character}.",
            "The address “{value}” contains a character that may not stand there: {character}.",
        ),
        Text(
            "Die Adresse aus der Adresszeile des Browsers kopieren; dort ist das Zeichen kodiert.",
            "Copy the address from the address bar of a browser, where the character is encoded.",
        ),
    ),
    "table.forbidden-character.url.suggested": (
        Text(
            "Die Adresse „{value}“ enthält ein Zeichen, das dort nicht stehen darf: {character}.",
            "The address “{value}” contains a character that may not stand there: {character}.",
        ),
        Text(
            "Statt des Zeichens {encoded} schreiben: {suggestion}",
            "Write {encoded} instead of the character: {suggestion}",
        ),
    ),
    "table.unsafe-url": (
        Text(
            "Die Adresse „{value}“ beginnt mit „{scheme}:“ und könnte beim Anklicken schaden.",
            "The address “{value}” begins with “{scheme}:” and could do harm when clicked.",
        ),
        Text(
            "Eine Adresse mit https:// oder http:// eintragen.",
            "Enter an address with https:// or http://.",
        ),
    ),
    "table.markup": (
        Text(
            "Der Text enthält HTML: {markup}",
            "The text contains HTML: {markup}",
        ),
        Text(
            "Die Auszeichnung entfernen; Texte werden ohne HTML gepflegt.",
            "Remove the markup; texts are kept without HTML.",
        ),
    ),
}

CELLS: Mapping[str, tuple[Text, Text]] = {**_VALUES, **_REFERENCES, **_CHARACTERS}
