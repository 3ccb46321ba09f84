// Keeps the page fresh: waits for a change, fetches the same page, and swaps the parts that show state.
(() => {
  "use strict";
  const parts = ["people", "screen", "menu", "tabs", "events"];
  const screen = () => document.getElementById("screen");
  let revision = Number(document.body.dataset.revision);

  const toEnd = () => {
    if (document.body.dataset.tab === "messages") screen().scrollTop = screen().scrollHeight;
  };
  const busy = (part) => {
    const active = document.activeElement;
    const typing = active && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName) && part.contains(active);
    const filled = [...part.querySelectorAll("textarea,input:not([type=hidden])")].some(
      (field) => field.value !== field.defaultValue && !/^(radio|checkbox)$/.test(field.type)
    );
    return typing || filled || part.querySelector("#filling") || part.querySelector("details[open]");
  };
  const refresh = async () => {
    const address = new URL(location.href);
    address.searchParams.delete("error");
    const answer = await fetch(address, { headers: { accept: "text/html" } });
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const id of parts) {
      const old = document.getElementById(id);
      const next = fresh.getElementById(id);
      if (!old || !next || busy(old) || old.innerHTML === next.innerHTML) continue;
      const atEnd = old.scrollHeight - old.scrollTop - old.clientHeight < 80;
      const scrolled = old.scrollTop;
      old.innerHTML = next.innerHTML;
      old.scrollTop = id === "screen" && document.body.dataset.tab === "messages" && atEnd ? old.scrollHeight : scrolled;
    }
  };
  const watch = async () => {
    for (;;) {
      try {
        const answer = await (await fetch(`/phone/wait?revision=${revision}`)).json();
        if (answer.revision !== revision) {
          revision = answer.revision;
          await refresh();
        }
      } catch {
        await new Promise((again) => setTimeout(again, 2000));
      }
    }
  };
  addEventListener("load", () => {
    toEnd();
    const at = document.querySelector(".people .on");
    if (at) at.scrollIntoView({ block: "nearest" });
    const toast = document.querySelector(".toast");
    if (toast) {
      setTimeout(() => toast.remove(), 4000);
      const address = new URL(location.href);
      address.searchParams.delete("error");
      history.replaceState(null, "", address);
    }
    watch();
  });
})();
