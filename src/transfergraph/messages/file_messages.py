"""What is wrong with a file or a table as a whole: (message, remedy)."""

from __future__ import annotations

from collections.abc import Mapping

from transfergraph.common.text import Text

FILES: Mapping[str, tuple[Text, Text]] = {
    "table.encoding": (
        Text(
            "Die Datei ist nicht in UTF-8 gespeichert: Zeile {row} enthält das Byte 0x{byte}.",
            "The file is not saved in UTF-8: row {row} contains the byte 0x{byte}.",
        ),
        Text(
            "Die Datei im Tabellenprogramm als „CSV UTF-8“ speichern.",
            "Save the file as “CSV UTF-8” in the spreadsheet program.",
        ),
    ),
    "table.not-a-table": (
        Text(
            "Die Datei ist keine Tabelle; sie beginnt mit „{begin}“.",
            "The file is not a table; it begins with “{begin}”.",
        ),
        Text(
            "Durch eine CSV- oder XLSX-Datei mit Kopfzeile ersetzen oder aus dem Ordner entfernen.",
            "Replace it by a CSV or XLSX file with a header, or remove it from the folder.",
        ),
    ),
    "table.empty": (
        Text(
            "Die Tabelle ist leer: sie hat nicht einmal eine Kopfzeile.",
            "The table is empty, without even a header.",
        ),
        Text(
            "Kopfzeile und Zeilen eintragen oder die leere Tabelle löschen.",
            "Enter the header and the rows, or delete the empty table.",
        ),
    ),
    "table.only-header": (
        Text("Die Tabelle hat eine Kopfzeile, aber keine Zeile.", "The table has a header but no row."),
        Text(
            "Zeilen eintragen oder die Tabelle löschen, wenn es nichts einzutragen gibt.",
            "Enter rows, or delete the table if there is nothing to enter.",
        ),
    ),
    "table.unreadable-gzip": (
        Text(
            "Die gepackte Datei ist unvollständig oder beschädigt.",
            "The compressed file is incomplete or damaged.",
        ),
        Text(
            "Die Datei noch einmal beschaffen oder neu mit gzip packen.",
            "Fetch the file again, or compress it anew with gzip.",
        ),
    ),
    "table.unreadable-workbook": (
        Text(
            "Die Arbeitsmappe lässt sich nicht öffnen: beschädigt, verschlüsselt oder keine XLSX-Datei.",
            "The workbook cannot be opened: damaged, encrypted or not an XLSX file.",
        ),
        Text(
            "Die Mappe im Tabellenprogramm öffnen und ohne Kennwort als XLSX speichern.",
            "Open the workbook in the spreadsheet program and save it as XLSX without a password.",
        ),
    ),
    "table.too-large": (
        Text(
            "Die Datei ist {megabytes:n} MB groß; erlaubt sind {limit:n} MB.",
            "The file has {megabytes:n} MB; {limit:n} MB are allowed.",
        ),
        Text(
            "Die Datei teilen oder in transfergraph.toml unter [limits] file_megabytes erhöhen.",
            "Split the file, or raise file_megabytes under [limits] in transfergraph.toml.",
        ),
    ),
    "table.zip-bomb": (
        Text(
            "Die Datei wird beim Entpacken größer als die erlaubten {limit:n} MB und wurde nicht gelesen.",
            "Unpacked, the file exceeds the {limit:n} MB that are allowed; it was not read.",
        ),
        Text(
            "Prüfen, woher die Datei stammt; ist sie echt, in transfergraph.toml unter [limits] "
            "file_megabytes erhöhen.",
            "Check where the file comes from; if it is genuine, raise file_megabytes under [limits] in "
            "transfergraph.toml.",
        ),
    ),
    "table.missing-column": (
        Text("Die Spalte „{column}“ fehlt.", "The column “{column}” is missing."),
        Text("Die Spalte „{column}“ in die Kopfzeile aufnehmen.", "Add the column “{column}” to the header."),
    ),
    "table.missing-column.suggested": (
        Text(
            "Die Spalte „{column}“ fehlt; vermutlich ist „{found}“ gemeint.",
            "The column “{column}” is missing; “{found}” probably stands for it.",
        ),
        Text(
            "Die Spalte „{found}“ in „{column}“ umbenennen.",
            "Rename the column “{found}” to “{column}”.",
        ),
    ),
    "table.unknown-column": (
        Text(
            "Die Spalte „{column}“ gehört nicht zu dieser Tabelle.",
            "The column “{column}” does not belong to this table.",
        ),
        Text("Die Spalte entfernen; bekannt sind: {columns}.", "Remove the column; known are: {columns}."),
    ),
    "table.unknown-column.suggested": (
        Text(
            "Die Spalte „{column}“ gehört nicht zu dieser Tabelle; vermutlich ist „{likely}“ gemeint.",
            "The column “{column}” does not belong to this table; “{likely}” is probably meant.",
        ),
        Text(
            "Die Spalte in „{likely}“ umbenennen oder entfernen.",
            "Rename the column to “{likely}”, or remove it.",
        ),
    ),
    "table.duplicate-column": (
        Text(
            "Die Spalte „{column}“ steht zweimal in der Kopfzeile, zuerst als Spalte {first}.",
            "The column “{column}” stands twice in the header, first as column {first}.",
        ),
        Text(
            "Eine der beiden Spalten umbenennen oder entfernen.",
            "Rename or remove one of the two columns.",
        ),
    ),
    "table.unnamed-column": (
        Text(
            "Die Spalte {letter} hat Werte, aber keinen Namen in der Kopfzeile.",
            "The column {letter} has values but no name in the header.",
        ),
        Text("Die Spalte benennen oder löschen.", "Name the column, or delete it."),
    ),
    "table.ragged-row": (
        Text(
            "Die Zeile hat {cells:Zelle|Zellen}, die Kopfzeile {columns:n}.",
            "The row has {cells:cell|cells}, the header {columns:n}.",
        ),
        Text(
            "Fehlende oder überzählige Trennzeichen suchen; einen Text, der das Trennzeichen enthält, in "
            "Anführungszeichen setzen.",
            "Look for missing or surplus separators; put a text that contains the separator in quotes.",
        ),
    ),
    "table.open-quote": (
        Text(
            "Ein Anführungszeichen in Zeile {row} wird nirgends geschlossen.",
            "A quotation mark in row {row} is never closed.",
        ),
        Text(
            "Das Anführungszeichen schließen oder, wenn es zum Text gehört, verdoppeln.",
            "Close the quotation mark, or double it where it belongs to the text.",
        ),
    ),
    "table.row-count-unexpected": (
        Text(
            "Die Tabelle „{table}“ hat {rows:Zeile|Zeilen}; erwartet werden {least:n} bis {greatest:n}.",
            "The table “{table}” has {rows:row|rows}; {least:n} to {greatest:n} are expected.",
        ),
        Text(
            "Prüfen, ob Zeilen fehlen oder zu viel sind; stimmt die Zahl, in source.toml den Bereich "
            "unter [rows] anpassen.",
            "Check whether rows are missing or surplus; if the number is right, adapt the range "
            "under [rows] in source.toml.",
        ),
    ),
    "table.unknown-file": (
        Text(
            "Die Datei „{file}“ ist keine der kanonischen Tabellen und wurde nicht gelesen.",
            "The file “{file}” is none of the canonical tables and was not read.",
        ),
        Text(
            "Die Datei aus dem Ordner entfernen oder nach einer Tabelle benennen: {tables}.",
            "Remove the file from the folder, or name it after a table: {tables}.",
        ),
    ),
    "table.unknown-file.suggested": (
        Text(
            "Die Datei „{file}“ ist keine der kanonischen Tabellen; vermutlich ist „{likely}“ gemeint.",
            "The file “{file}” is none of the canonical tables; “{likely}” is probably meant.",
        ),
        Text(
            "Die Datei in „{likely}“ umbenennen oder aus dem Ordner entfernen.",
            "Rename the file to “{likely}”, or remove it from the folder.",
        ),
    ),
    "table.unknown-sheet": (
        Text(
            "Das Blatt „{sheet}“ ist keine der kanonischen Tabellen und wurde nicht gelesen.",
            "The sheet “{sheet}” is none of the canonical tables and was not read.",
        ),
        Text(
            "Das Blatt löschen oder nach einer Tabelle benennen: {tables}.",
            "Delete the sheet, or name it after a table: {tables}.",
        ),
    ),
    "table.unknown-sheet.suggested": (
        Text(
            "Das Blatt „{sheet}“ ist keine der kanonischen Tabellen; vermutlich ist „{likely}“ gemeint.",
            "The sheet “{sheet}” is none of the canonical tables; “{likely}” is probably meant.",
        ),
        Text(
            "Das Blatt in „{likely}“ umbenennen oder löschen.",
            "Rename the sheet to “{likely}”, or delete it.",
        ),
    ),
    "table.table-twice": (
        Text(
            "Die Tabelle „{table}“ steht in dieser Quelle noch einmal: in {other}.",
            "The table “{table}” stands in this source once more: in {other}.",
        ),
        Text(
            "Die Zeilen in einer der beiden zusammenführen und die andere löschen.",
            "Bring the rows together in one of the two and delete the other.",
        ),
    ),
}
