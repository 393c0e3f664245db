"use strict";

// Makes the pages quicker: results while typing, suggestions, and links that
// replace the results only. Every page works without it.
(() => {
  const input = document.getElementById("q");
  const form = document.getElementById("search");
  const list = document.getElementById("suggestions");
  const region = document.getElementById("region");
  const announce = document.getElementById("announce");
  if (!input || !form || !list) return;

  const debounce = (wait, f) => {
    let timer = 0;
    const run = (...args) => { clearTimeout(timer); timer = setTimeout(() => f(...args), wait); };
    run.cancel = () => clearTimeout(timer);
    return run;
  };

  // --- Results ---------------------------------------------------------------

  let pending = null;

  // load replaces the results by those of a search page's address. history says
  // what becomes of the address in the bar: "push", "replace" or "keep".
  async function load(url, { typing = false, history: how = "push", top = false, focus = "" } = {}) {
    if (!region) { location.assign(url); return; }
    pending?.abort();
    const mine = pending = new AbortController();
    const ask = new URL(url, location.href);
    ask.searchParams.set("fragment", "1");
    if (typing) ask.searchParams.set("typing", "1");
    region.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(ask, { signal: mine.signal, headers: { Accept: "text/html" } });
      if (!answer.ok) throw new Error(String(answer.status));
      show(await answer.text());
      const shown = new URL(url, location.href);
      if (how === "push" && shown.href !== location.href) history.pushState({}, "", shown);
      if (how === "replace") history.replaceState({}, "", shown);
      retitle();
      if (focus) region.querySelector(focus)?.focus();
      if (top) { region.scrollIntoView({ block: "start" }); document.getElementById("main").focus({ preventScroll: true }); }
    } catch (err) {
      // The full page says what went wrong better than a fragment could.
      if (err.name !== "AbortError" && !typing) location.assign(url);
    } finally {
      if (pending === mine) { pending = null; region.removeAttribute("aria-busy"); }
    }
  }

  // show puts new results in place and keeps which facets were opened or closed.
  function show(html) {
    const was = new Map([...region.querySelectorAll("details")].map((d) => [d.dataset.field, d.open]));
    const parsed = new DOMParser().parseFromString(html, "text/html");
    region.replaceChildren(...parsed.body.childNodes);
    for (const d of region.querySelectorAll("details")) {
      if (was.has(d.dataset.field)) d.open = was.get(d.dataset.field);
    }
    const chips = region.querySelectorAll(".chips li").length;
    document.getElementById("chosen").textContent = chips > 1 ? ` (${chips - 1})` : "";
    keepHidden();
    say();
  }

  // say tells screen readers how many posts there are, once the typing rests.
  const say = debounce(400, () => {
    const total = document.getElementById("total");
    if (announce && total) announce.textContent = total.textContent.trim();
  });

  // keepHidden copies the chosen filters to the search form.
  function keepHidden() {
    const sort = region.querySelector("form.sort");
    for (const old of form.querySelectorAll("input[type=hidden]")) old.remove();
    if (!sort) return;
    for (const field of sort.querySelectorAll("input[type=hidden]")) {
      if (field.name !== "q") form.append(field.cloneNode());
    }
    const chosen = sort.elements.sort;
    if (chosen.value) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name: "sort", value: chosen.value });
      form.append(field);
    }
  }

  function retitle() {
    const q = new URL(location.href).searchParams.get("q") || "Search";
    document.title = `${q.slice(0, 100)} · alphanode`;
  }

  // address is the search page that a form asks for.
  function address(of) {
    const params = new URLSearchParams();
    for (const [name, value] of new FormData(of)) {
      if (value.trim()) params.append(name, value.trim());
    }
    const query = params.toString();
    return query ? `/?${query}` : "/";
  }

  const live = debounce(90, () => load(address(form), { typing: true, history: "replace" }));

  if (region) {
    region.addEventListener("click", (e) => {
      const link = e.target.closest("a[data-live]");
      if (!link || e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
      e.preventDefault();
      const field = link.closest("details")?.dataset.field;
      const value = link.dataset.value;
      const top = link.dataset.live === "top";
      if (link.dataset.query) input.value = link.dataset.query;
      load(link.href, { top }).then(() => { if (!top) refocus(field, value); });
    });
    region.addEventListener("change", (e) => {
      if (e.target.id === "sort") load(address(e.target.form), { focus: "#sort" });
    });
    addEventListener("popstate", () => {
      input.value = new URL(location.href).searchParams.get("q") || "";
      load(location.href, { history: "keep" });
    });
  }

  // refocus puts the keyboard back on the facet value that was chosen, or near it.
  function refocus(field, value) {
    if (region.contains(document.activeElement)) return;
    const facet = field && [...region.querySelectorAll("details")].find((d) => d.dataset.field === field);
    const same = facet && [...facet.querySelectorAll("a")].find((a) => a.dataset.value === value);
    (same || facet?.querySelector("summary") || region.querySelector(".chips a, #sort"))?.focus({ preventScroll: true });
  }

  // --- Suggestions: a combobox with a list, after the ARIA practices ----------

  let active = -1;
  let asked = null;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", "suggestions");
  input.setAttribute("aria-expanded", "false");

  const suggest = debounce(120, async () => {
    const q = input.value.trim();
    asked?.abort();
    if (!q) { close(); return; }
    const mine = asked = new AbortController();
    try {
      const answer = await fetch(`/v1/suggest?limit=7&q=${encodeURIComponent(q)}`, { signal: mine.signal });
      if (!answer.ok) return;
      const { suggestions } = await answer.json();
      if (asked === mine && document.activeElement === input && input.value.trim() === q) open(suggestions);
    } catch { /* No suggestions, then. */ }
  });

  function open(suggestions) {
    list.replaceChildren(...suggestions.map(option));
    active = -1;
    list.hidden = suggestions.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  function option(s, i) {
    const item = document.createElement("li");
    item.id = `suggestion-${i}`;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.dataset.url = target(s);
    const text = document.createElement("span");
    text.className = "text";
    text.textContent = s.text;
    const kind = document.createElement("span");
    kind.className = "kind";
    kind.textContent = s.count ? `${s.kind} · ${s.count}` : s.kind === "title" ? "post" : s.kind;
    item.append(text, kind);
    return item;
  }

  // target is where a suggestion leads: a post, or a search by tag or entity.
  function target(s) {
    if (s.kind === "title" && s.id) return `/post?id=${encodeURIComponent(s.id)}`;
    const value = /^[\p{L}\p{N}_-]+$/u.test(s.text) ? s.text : `"${s.text.replaceAll('"', "")}"`;
    return `/?q=${encodeURIComponent(`${s.kind}:${value}`)}`;
  }

  function close() {
    suggest.cancel();
    asked?.abort();
    asked = null;
    list.hidden = true;
    active = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function move(by) {
    const options = [...list.children];
    if (list.hidden || options.length === 0) { suggest(); return; }
    // One place before the first stands for the input itself.
    active = (active + 1 + by + options.length + 1) % (options.length + 1) - 1;
    options.forEach((o, i) => o.setAttribute("aria-selected", String(i === active)));
    if (active < 0) { input.removeAttribute("aria-activedescendant"); return; }
    input.setAttribute("aria-activedescendant", options[active].id);
    options[active].scrollIntoView({ block: "nearest" });
  }

  function choose(item) {
    const url = item.dataset.url;
    close();
    live.cancel();
    if (url.startsWith("/?") && region) {
      input.value = new URL(url, location.href).searchParams.get("q");
      load(url);
    } else {
      location.assign(url);
    }
  }

  input.addEventListener("input", () => {
    suggest();
    if (region) live();
  });
  input.addEventListener("keydown", (e) => {
    if (e.isComposing) return;
    if (e.key === "ArrowDown") { e.preventDefault(); move(1); }
    if (e.key === "ArrowUp") { e.preventDefault(); move(-1); }
    if (e.key === "Escape" && !list.hidden) { e.preventDefault(); close(); }
    if (e.key === "Enter" && active >= 0) { e.preventDefault(); choose(list.children[active]); }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (e) => e.preventDefault());
  list.addEventListener("click", (e) => {
    const item = e.target.closest("li");
    if (item) choose(item);
  });
  form.addEventListener("submit", (e) => {
    close();
    live.cancel();
    if (!region) return;
    e.preventDefault();
    load(address(form));
  });
  addEventListener("keydown", (e) => {
    const typing = e.target.closest?.("input, textarea, select, [contenteditable]");
    if (e.key === "/" && !typing && !e.metaKey && !e.ctrlKey && !e.altKey) { e.preventDefault(); input.focus(); input.select(); }
  });
})();
