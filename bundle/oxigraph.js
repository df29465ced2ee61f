export { default as start, Store } from "oxigraph/web.js";
