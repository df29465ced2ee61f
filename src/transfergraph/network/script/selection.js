// What a reader picks out: nodes, a tie, two ends of a path, a community.
function choose(one, { several = false, move = true } = {}) {
  const others = state.chosen.filter((other) => other !== one);
  const chosen = several ? (others.length < state.chosen.length ? others : [...others, one]) : [one];
  // whoever is not in the picture of a large network comes with the surroundings
  const around_ = isLarge && state.ground === "net" && !viewModel.at.has(one) ? { ...surroundings(one, state.view), at: null } : {};
  const unfolded = isAtBeginning() && viewModel.at.has(one) ? { unfolded: [...new Set([...state.unfolded, one])] } : {};
  return shown(update({ chosen, tie: null, way: null, ...around_, ...unfolded }), move);
}

const chooseTie = (a, b, move = false) => shown(update({ tie: a.i < b.i ? [a, b] : [b, a], chosen: [], way: null }), move);
const clearChoice = () => {
  if (state.chosen.length > 0 || state.tie !== null || state.way !== null || state.town !== null) update({ chosen: [], tie: null, way: null, town: null });
};

const narrow = matchMedia("(max-width: 60rem)"); // there the panels lie over the lower part of the page

// After a choice that was not made in the picture, the picture comes into sight.
async function shown(ready, move) {
  await ready;
  if (!move) return;
  fitLit(true);
  if (!isBare) (narrow.matches ? find("frame") : find("stage")).scrollIntoView({ block: narrow.matches ? "start" : "nearest" });
  find("details").focus({ preventScroll: true });
}

async function askWay(a, b) {
  await update({ way: [a, b], chosen: [], tie: null, tab: "ways" });
  fitLit(true);
}

const openCommunity = (community) => update({ open: [...new Set([...state.open, community])], ego: null, chosen: [], at: null });
const openGroup = (group) => (data.groups[group].communities.length === 1 ? openCommunity(data.groups[group].communities[0]) : update({ group, at: null }));
const closeCommunity = (community) => update({ open: state.open.filter((one) => one !== community), at: null });

// Only what has this topic, place, region or programme.
const showOnly = (facet, value) => update({ [facet]: [value], chosen: [], tie: null, way: null, ego: null, depth: 1, group: null, open: [], tab: "filter", at: null });
