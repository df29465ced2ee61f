// On a phone the panels are a sheet at the lower edge: the tabs stay in sight, and what they hold opens above them.
function openSheet(open, what = "panel") {
  root.classList.toggle("sheet-open", open);
  root.dataset.sheet = what;
  find("sheet-toggle").setAttribute("aria-expanded", String(open));
  find("sheet-toggle").setAttribute("aria-label", say(open ? "network.sheet.close" : "network.sheet.open"));
  find("sheet-toggle").textContent = open ? "▼" : "▲";
}

// The picture ends above the sheet as it is when closed.
function leaveRoomForSheet() {
  const above = find("canvas").getBoundingClientRect().top + scrollY;
  const sheet = document.querySelector(".sheet-head").getBoundingClientRect().height;
  root.style.setProperty("--room", `${Math.floor(innerHeight - above - sheet - 2)}px`);
}

function attachSheet() {
  addEventListener("resize", leaveRoomForSheet);
  root.dataset.sheet = "panel";
  find("sheet-toggle").addEventListener("click", () => openSheet(!root.classList.contains("sheet-open")));
  document.querySelectorAll("[data-tab]").forEach((tab) => tab.addEventListener("click", () => openSheet(true)));
  openSheet(state.tab !== "legend");
}

// What is chosen opens the sheet, and takes it with it.
let toldBefore = "";
function showChoiceInSheet() {
  const told = [...state.chosen, ...(state.tie || [])].map((one) => one.i).join(" ");
  if (told !== toldBefore && (told !== "" || root.dataset.sheet === "details")) openSheet(told !== "", told !== "" ? "details" : "panel");
  toldBefore = told;
}
