"""The judgement of a catalogue as JSON, for programs: the report, and the points by both methods.

It is the report as :mod:`transfergraph.finding_reports.json_report` writes it, and one key more::

    "points": [
      {"method": "405", "points": 405.0, "most": 405.0, "band": "excellent", "datasets": 3,
       "dimensions": {"findability": {"points": 100.0, "most": 100.0}, ...},
       "gains": [{"metric": "…", "property": "dcat:byteSize", "points": 5.0, "nodes": 1, "untested": 0,
                  "advice": {"de": "…", "en": "…"}}]}
    ]
"""

from __future__ import annotations

import json

from transfergraph.common.text import LANGUAGES
from transfergraph.dcat.evaluate.catalogue_findings import short
from transfergraph.dcat.evaluate.evaluation import Evaluation
from transfergraph.dcat.evaluate.score import Score
from transfergraph.dcat.evaluate.score_texts import advice_for
from transfergraph.finding_reports.json_report import dump_json, report_to_json


def evaluation_to_json(judgement: Evaluation) -> str:
    """JSON text that ends with a line break; all gains are in it, the largest first."""
    content = json.loads(report_to_json(judgement.report))
    content["points"] = [_score(judgement.points), _score(judgement.fair)]
    return dump_json(content, levels=2)


def _score(score: Score) -> dict[str, object]:
    return {
        "method": score.method,
        "points": score.points,
        "most": score.most,
        "band": score.band,
        "datasets": score.datasets,
        "dimensions": {
            dimension.value: {"points": got, "most": most}
            for dimension, (got, most) in score.dimensions.items()
        },
        "gains": [
            {
                "metric": gain.metric.name,
                "property": short(gain.metric.path),
                "points": round(gain.points, 6),
                "nodes": gain.nodes,
                "untested": gain.untested,
                "advice": {language: advice_for(gain, language) for language in LANGUAGES},
            }
            for gain in score.gains
        ],
    }
