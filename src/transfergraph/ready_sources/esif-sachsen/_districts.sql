-- The districts as the lists write them, with the codes of NUTS 2024.
SELECT * FROM (VALUES
  ('Dresden, Kreisfreie Stadt', 'DED21', 'Dresden, Kreisfreie Stadt'), ('Bautzen', 'DED2C', 'Bautzen'),
  ('Görlitz', 'DED2D', 'Görlitz'), ('Meißen', 'DED2E', 'Meißen'),
  ('Sächsische Schweiz-Osterzgebirge', 'DED2F', 'Sächsische Schweiz-Osterzgebirge'),
  ('Chemnitz, Kreisfreie Stadt', 'DED41', 'Chemnitz, Kreisfreie Stadt'), ('Erzgebirgskreis', 'DED42', 'Erzgebirgskreis'),
  ('Mittelsachsen', 'DED43', 'Mittelsachsen'), ('Vogtlandkreis', 'DED44', 'Vogtlandkreis'), ('Zwickau', 'DED45', 'Zwickau'),
  ('Leipzig, Kreisfreie Stadt', 'DED51', 'Leipzig, Kreisfreie Stadt'), ('Leipzig', 'DED52', 'Leipzig (Landkreis)'),
  ('Nordsachsen', 'DED53', 'Nordsachsen')
) AS districts(district, code, name)
