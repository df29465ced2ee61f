// Makes each frame with a page of transfergraph as high as that page says. A page can set the height of its own frame only.
(() => {
  "use strict";
  const frames = () => [...document.querySelectorAll("iframe.transfergraph")];
  addEventListener("message", (event) => {
    const { transfergraph, height } = event.data ?? {};
    if (transfergraph !== "height" || !Number.isFinite(height)) return;
    const frame = frames().find((one) => one.contentWindow === event.source);
    if (frame) frame.style.height = `${Math.min(Math.max(Math.ceil(height), 60), 4000)}px`;
  });
  frames().forEach((one) => one.contentWindow?.postMessage({ transfergraph: "ask" }, "*"));
})();
