export { barX, barY, dot, geo, plot, ruleX, ruleY, text } from "@observablehq/plot";
export { forceCenter, forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "d3-force";
