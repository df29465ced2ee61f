SELECT id,
  CASE
    WHEN regexp_matches(name, '(?i)fachhochschule|hochschule für|berufsakademie') THEN 'university-of-applied-sciences'
    WHEN regexp_matches(name, '(?i)universität|\bTU |hochschule') THEN 'university'
    WHEN regexp_matches(name, '(?i)fraunhofer|helmholtz|leibniz-institut|max-planck') THEN 'research-institute'
    WHEN regexp_matches(name, '^(Freistaat|Bundesrepublik)|(?i)ministerium|landesamt') THEN 'government'
    WHEN regexp_matches(name, '^(Große Kreisstadt|Stadt|Gemeinde|Landkreis|Landeshauptstadt|Landratsamt|Kreisfreie Stadt)|verwaltung\b|[Zz]weckverband') THEN 'local-authority'
    WHEN regexp_matches(name, '(?i)handwerkskammer|industrie- und handelskammer|\bIHK\b') THEN 'chamber'
    WHEN regexp_matches(name, 'e\. ?V\.|verband') THEN 'association'
    WHEN regexp_matches(name, 'mbH|\bAG\b|KG|OHG|oHG|(?i)gmbh|aktiengesellschaft|\be\. ?G\b|genossenschaft|\bUG\b|PartG') THEN 'company'
    ELSE 'other-organisation' END AS kind,
  min(name) AS name_de, min(name) AS name_en,
  'esif-sachsen' AS source, min(_file) AS _file, min_by(_row, (_file, _row)) AS _row
FROM _beneficiaries
GROUP BY id, kind
QUALIFY row_number() OVER (PARTITION BY id ORDER BY min(_file), min(_row)) = 1
UNION ALL
SELECT 'european-commission', 'government', 'Europäische Kommission', 'European Commission', 'esif-sachsen', min(_file), min_by(_row, (_file, _row))
FROM _operations
ORDER BY id
