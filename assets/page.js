"use strict";

// Copy buttons. WeCom's web view has the clipboard API only in part of its versions, so there is a way without
// it; where neither works the text is selected for the reader to copy by hand.
(() => {
  const status = document.getElementById("copy-status");
  let clearing = 0;

  const say = (text) => {
    status.textContent = text;
    clearTimeout(clearing);
    clearing = setTimeout(() => { status.textContent = ""; }, 2500);
  };

  const copyBySelection = (text) => {
    const area = document.createElement("textarea");
    area.value = text;
    area.readOnly = true;
    area.className = "offscreen";
    area.setAttribute("aria-hidden", "true");
    document.body.appendChild(area);
    area.select();
    area.setSelectionRange(0, text.length);
    let copied = false;
    try {
      copied = document.execCommand("copy");
    } catch (_) {
      copied = false;
    }
    area.remove();
    return copied;
  };

  const copy = async (text) => {
    if (navigator.clipboard && window.isSecureContext) {
      try {
        await navigator.clipboard.writeText(text);
        return true;
      } catch (_) {
        // not permitted here: the older way may still be
      }
    }
    return copyBySelection(text);
  };

  const select = (source) => {
    const range = document.createRange();
    range.selectNodeContents(source);
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  };

  for (const button of document.querySelectorAll("button[data-copy]")) {
    const source = document.getElementById(button.dataset.copy);
    const label = button.textContent;
    if (!source) {
      continue;
    }
    button.hidden = false;
    button.addEventListener("click", async () => {
      const copied = await copy(source.textContent);
      button.focus();
      if (copied) {
        button.textContent = "已复制";
        say("已复制到剪贴板");
        setTimeout(() => { button.textContent = label; }, 2500);
      } else {
        select(source);
        say("无法自动复制，文本已选中，请长按复制");
      }
    });
  }
})();

// A form that is sent once: a second tap while the answer is awaited sends nothing. The server holds either way.
(() => {
  for (const form of document.querySelectorAll("form[data-once]")) {
    let sent = false;
    form.addEventListener("submit", (event) => {
      if (sent) {
        event.preventDefault();
      }
      sent = true;
    });
    // Back in the browser's history the page may come as it was left.
    window.addEventListener("pageshow", () => { sent = false; });
  }
})();
