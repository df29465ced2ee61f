"""Gephi's own reader of graph files, of the Gephi Toolkit: fetched with Maven, run with Java."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from maven import fetched
from real_servers import NotAtHand

VERSION = "0.10.1"
_READER = """
import java.io.File;
import org.gephi.graph.api.Column;
import org.gephi.graph.api.Graph;
import org.gephi.graph.api.GraphController;
import org.gephi.graph.api.GraphModel;
import org.gephi.graph.api.Node;
import org.gephi.io.importer.api.Container;
import org.gephi.io.importer.api.ImportController;
import org.gephi.io.processor.plugin.DefaultProcessor;
import org.gephi.project.api.ProjectController;
import org.openide.util.Lookup;

public class Reader {
  public static void main(String[] files) throws Exception {
    ProjectController projects = Lookup.getDefault().lookup(ProjectController.class);
    ImportController importing = Lookup.getDefault().lookup(ImportController.class);
    for (String file : files) {
      projects.newProject();
      Container container = importing.importFile(new File(file));
      importing.process(container, new DefaultProcessor(), projects.getCurrentWorkspace());
      GraphModel model = Lookup.getDefault().lookup(GraphController.class).getGraphModel();
      Graph graph = model.getGraph();
      StringBuilder told = new StringBuilder("READ {\\"edges\\": " + graph.getEdgeCount() + ", \\"nodes\\": {");
      String before = "";
      for (Node node : graph.getNodes()) {
        told.append(before).append(quoted(node.getId().toString())).append(": {\\"x\\": ").append(node.x());
        told.append(", \\"y\\": ").append(node.y()).append(", \\"label\\": ").append(quoted(node.getLabel()));
        for (Column column : model.getNodeTable()) {
          Object value = node.getAttribute(column);
          if (value != null && !column.isProperty())
            told.append(", ").append(quoted(column.getTitle())).append(": ").append(quoted(value.toString()));
        }
        told.append("}");
        before = ", ";
      }
      System.out.println(told.append("}}"));
    }
    System.exit(0);
  }

  static String quoted(String text) {
    StringBuilder made = new StringBuilder("\\"");
    for (char one : String.valueOf(text).toCharArray())
      made.append(one < 32 || one > 126 || one == 34 || one == 92 ? String.format("\\\\u%04x", (int) one) : one);
    return made.append("\\"").toString();
  }
}
"""


def read(files: Sequence[Path], folder: Path) -> list[dict[str, Any]]:
    """What Gephi finds in each file; raises :class:`NotAtHand` where it cannot run. ``folder`` is for its own
    files."""
    java = shutil.which("java")
    if java is None:
        raise NotAtHand("Java, which runs Gephi's reader, is not installed")
    source = folder / "Reader.java"
    source.write_text(_READER, "utf-8")
    done = subprocess.run(
        [
            java,
            "-Djava.awt.headless=true",
            "-cp",
            fetched(f"org.gephi:gephi-toolkit:{VERSION}:jar:all"),
            source,
            *files,
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    found = [line.removeprefix("READ ") for line in done.stdout.splitlines() if line.startswith("READ ")]
    assert len(found) == len(files), done.stdout[-500:] + done.stderr[-1500:]
    return [json.loads(line) for line in found]
