"use strict";
(() => {
  // the same letter in its spellings: marks and tatweel go, alef forms meet by decomposition, digits become ASCII
  const fold = (text) => text.normalize("NFKD").replace(/[\p{M}\p{Cf}\u0640]/gu, "").toLowerCase()
    .replace(/\u0629/g, "\u0647").replace(/[\u0649\u06cc]/g, "\u064a").replace(/\u06a9/g, "\u0643")
    .replace(/[\u0660-\u0669]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0))
    .replace(/\s+/g, " ").trim();
  const form = document.querySelector(".search");
  const box = document.getElementById("q");
  const found = document.getElementById("found");
  const items = [...document.querySelectorAll("[data-item]")];
  const cards = [...document.querySelectorAll(".rule")];
  const open = new Set(cards.filter((card) => card.open));
  let words = null;

  const textOf = (item) => {
    const card = item.closest(".rule");
    return fold((card ? card.querySelector("summary").textContent + " " : "") + item.textContent);
  };
  const filter = () => {
    const asked = fold(box.value).split(" ").filter(Boolean);
    words ??= items.map(textOf);
    let shown = 0;
    items.forEach((item, number) => {
      item.hidden = !asked.every((word) => words[number].includes(word));
      shown += !item.hidden;
    });
    for (const card of cards) {
      const hit = card.querySelector("[data-item]:not([hidden])") !== null;
      card.hidden = !hit;
      card.open = asked.length ? hit : open.has(card);
    }
    found.textContent = asked.length ? `${shown} of ${items.length} shown` : "";
  };
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  box.addEventListener("input", filter);
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== box) {
      event.preventDefault();
      box.focus();
    }
  });
})();
