-- Each project once, from XML or CSV; of a project that stands twice the first row.
WITH every AS (
  SELECT id, acronym, title, objective, status, start_date, end_date, ec_max, topic, topic_title, _file, _row
  FROM xml_projects
  UNION ALL
  SELECT id, acronym, title, objective, status, start_date, end_date, ec_max, t.topic, t.topic_title, p._file, p._row
  FROM csv_projects p
  LEFT JOIN (
    SELECT project, string_agg(topic, chr(10) ORDER BY topic) AS topic,
      string_agg(topic_title, chr(10) ORDER BY topic) AS topic_title
    FROM csv_topics GROUP BY project
  ) t ON t.project = p.id
)
SELECT * EXCLUDE (topic, topic_title),
  split_part(topic, chr(10), 1) AS topic,
  split_part(topic_title, chr(10), 1) AS topic_title
FROM every
QUALIFY row_number() OVER (PARTITION BY id ORDER BY _file, _row) = 1
