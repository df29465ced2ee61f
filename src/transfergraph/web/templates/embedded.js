(() => {
  "use strict";
  if (parent === window) return;
  const tell = () => parent.postMessage({ transfergraph: "height", height: Math.ceil(document.body.getBoundingClientRect().height) }, "*");
  new ResizeObserver(tell).observe(document.body);
  addEventListener("message", (event) => event.source === parent && event.data?.transfergraph === "ask" && tell());
})();
