// Talks to the server: sends an act, asks for what others did, tells when the connection is lost and back.
window.flowTalk = (sheet) => {
  const { urls, words, seen, waiting, say, refuse } = sheet;
  const token = () => JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  let lost = false;
  // An answer that was lost on its way is asked for once more, under the same key: the act is done once.
  const send = async (url, options) => {
    try {
      return await fetch(url, options);
    } catch {
      return fetch(url, options).catch(() => null);
    }
  };
  const ask = async (url, body, arrived = () => {}) => {
    const key = [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
    const headers = { "X-CSRFToken": token(), "X-Submission-Key": key, Accept: "application/json", "Content-Type": "application/json" };
    const answer = await send(url, { method: "POST", headers, body: JSON.stringify(body || {}) });
    if (!answer) {
      connection(false);
      return null;
    }
    arrived();
    const told = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      refuse(told.error || words.lost);
      await news(true);
      return null;
    }
    refuse((told.conflicts || []).join(" "));
    await news(true);
    return told;
  };
  const connection = (there) => {
    const back = there && lost;
    lost = !there;
    if (lost) say(waiting.size ? words.waits : words.lost);
    else if (back) {
      say(words.back);
      sheet.back();
    }
  };
  // What is on the screen is put back to what the server holds when an act is refused.
  const news = async (always) => {
    let answer;
    try {
      answer = await fetch(`${urls.news}?after=${always ? sheet.seq - 1 : sheet.seq}`, { headers: { Accept: "application/json" } });
    } catch {
      connection(false);
      return;
    }
    connection(true);
    if (answer.status !== 200) return;
    const rows = await answer.json();
    sheet.seq = rows.seq;
    sheet.draw(rows);
    Object.entries(rows.html).forEach(([name, html]) => {
      const part = document.querySelector(`#part-${name}`);
      if (part) window.flowPatch(part, html);
    });
    if (rows.by.length) say(`${words.by} ${rows.by.join(", ")}.`);
  };
  const edit = (kind, row, values) => {
    const known = seen[kind].get(row);
    return { kind, row, version: known ? known.version : 0, values };
  };

  return { ask, news, edit };
};
