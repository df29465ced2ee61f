// What a reader picks out: nodes, a tie, two ends of a path, a community.
function choose(one, { several = false, move = true } = {}) {
  const others = state.chosen.filter((other) => other !== one);
  const chosen = several ? (others.length < state.chosen.length ? others : [...others, one]) : [one];
  return shown(update({ chosen, tie: null, way: null }), move);
}

const chooseTie = (a, b, move = false) => shown(update({ tie: a.i < b.i ? [a, b] : [b, a], chosen: [], way: null }), move);
const clearChoice = () => {
  if (state.chosen.length > 0 || state.tie !== null || state.way !== null || state.town !== null) update({ chosen: [], tie: null, way: null, town: null });
};

// After a choice that was not made in the picture, the picture comes into sight.
async function shown(ready, move) {
  await ready;
  if (!move) return;
  fitLit(true);
  if (!isBare) find("stage").scrollIntoView({ block: "nearest" });
  find("details").focus({ preventScroll: true });
}

async function askWay(a, b) {
  await update({ way: [a, b], chosen: [], tie: null, tab: "ways" });
  fitLit(true);
}

async function openCommunity(community) {
  await update({ open: [...new Set([...state.open, community])], at: null });
  const { x, y, radius } = data.communities[community];
  fit([{ x, y, size: radius + 14 }], 1.4, true);
}

function closeCommunity(community) {
  return update({ open: state.open.filter((one) => one !== community), at: null });
}
