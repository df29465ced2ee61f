"""German and English words, in pairs, of which the generator makes names and descriptions."""

from __future__ import annotations

Pair = tuple[str, str]

SUBJECTS: tuple[Pair, ...] = (
    ("Leichtbau", "lightweight construction"),
    ("Wasserstoff", "hydrogen"),
    ("Grubenwasser", "mine water"),
    ("Smarte Textilien", "smart textiles"),
    ("Bioraffinerie", "biorefinery"),
    ("Mikroelektronik", "microelectronics"),
    ("Straßenbahn", "tramways"),
    ("Wärmespeicher", "heat storage"),
    ("Laserbearbeitung", "laser processing"),
    ("Holzwerkstoffe", "wood-based materials"),
    ("Telemedizin", "telemedicine"),
    ("Präzisionslandwirtschaft", "precision farming"),
    ("Recycling", "recycling"),
    ("Fördertechnik", "conveying technology"),
    ("Quantensensoren", "quantum sensors"),
    ("Gebäudeautomation", "building automation"),
    ("Keramik", "ceramics"),
    ("Ländliche Mobilität", "rural mobility"),
    ("Batteriezellen", "battery cells"),
    ("Messtechnik", "metrology"),
    ("Robotik", "robotics"),
    ("Umweltüberwachung", "environmental monitoring"),
    ("Medizintechnik", "medical technology"),
    ("Kreislaufwirtschaft", "circular economy"),
)

PURPOSES: tuple[Pair, ...] = (
    ("kleine und mittlere Unternehmen", "small and medium-sized enterprises"),
    ("den ländlichen Raum", "rural areas"),
    ("die „Fabrik von morgen“", 'the "factory of tomorrow"'),
    ("Forschung & Lehre", "research & teaching"),
    ("Städte und Gemeinden", "towns and municipalities"),
    ("die Energiewende", "the energy transition"),
    ("die Lieferkette vom Rohstoff bis zum Bauteil", "the supply chain from raw material to component"),
    ("Prüfstände nach C:\\Norm", "test benches by C:\\Norm"),
)

FORMS: tuple[Pair, ...] = (
    ("Institut", "Institute"),
    ("Gesellschaft", "Society"),
    ("Werke", "Works"),
    ("Zentrum", "Centre"),
    ("Verein", "Association"),
    ("Labor", "Laboratory"),
    ("Agentur", "Agency"),
    ("Systeme", "Systems"),
)

TOWNS: tuple[Pair, ...] = (
    ("Neustadt", "Newtown"),
    ("Altenberg", "Oldhill"),
    ("Grünau", "Greenlea"),
    ("Weißbach", "Whitebrook"),
    ("Königsfeld", "Kingsfield"),
    ("Mühlental", "Milldale"),
    ("Oberwald", "Upperwood"),
    ("Lindenhöhe", "Limehurst"),
)
