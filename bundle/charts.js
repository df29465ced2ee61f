export { barX, barY, dot, graticule, lineY, plot, ruleX, ruleY, text, tip } from "@observablehq/plot";
export { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
