// A large network lies in the page in compressed chunks, which are decompressed when they are needed.
const isLarge = data.form !== "whole";
const loaded = new Map();
let everything = !isLarge;

const arrived = new Promise((resolve) => {
  if (document.readyState !== "loading") resolve();
  else document.addEventListener("DOMContentLoaded", () => resolve());
});

async function decompress(name) {
  await arrived;
  const text = find(`piece-${name}`).textContent;
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const chunk = await new Response(stream).json();
  take(chunk);
  if (chunk.introductions !== undefined) takeIntroductions(chunk.introductions);
}

function load(name) {
  if (!loaded.has(name)) loaded.set(name, decompress(name));
  return loaded.get(name);
}

const namesAreHere = () => !isLarge || loaded.has("names");

// The chunk in which a community lies; null stands for the nodes without any neighbour.
function chunkOf(community) {
  if (community === null || community === undefined) return "lonely";
  if (community < data.communities.length) return `part-${community}`;
  return `small-${data.smallRanges.findIndex(([first, last]) => first <= community && community <= last)}`;
}

async function loadNode(one) {
  if (!one.full) await load(chunkOf(one.community));
}

// Load all chunks, a few at a time so that the page goes on answering; ``quietly`` while nobody waits for them, and
// never while the picture moves.
async function loadEverything({ quietly = false } = {}) {
  await arrived;
  if (everything) return;
  const names = [...document.querySelectorAll("script[id^=piece-]")].map((one) => one.id.slice("piece-".length));
  const bar = find("progress");
  if (!quietly) bar.hidden = false;
  for (const [done, chunk] of names.entries()) {
    while (quietly && isMoving()) await pause(100);
    await load(chunk);
    bar.querySelector("progress").value = (done + 1) / names.length;
    if (quietly || done % 4 === 3) await pause(0);
  }
  everything = true;
  strongest.clear();
  bar.hidden = true;
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));
