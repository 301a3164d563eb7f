// Sends what waits, and says how that went: "sent", "offline", "login", "other", "gone", "refused", "failed".
// Whatever goes wrong, what was typed stays in the store until the server has said that it has it.
window.Quick = window.Quick || {};

Quick.BATCH = 50;

Quick.Sync = class {
  constructor(store, person, paths) {
    this.store = store;
    this.person = person;
    this.paths = paths;
    this.csrf = "";
    this.running = null;
  }

  // One sending at a time, over all tabs of this browser.
  send(assessment, whole = false) {
    const run = () => this.attempt(assessment, whole).catch(() => ({ how: "failed" }));
    const locked = () => (navigator.locks ? navigator.locks.request(`sachhon-quick-${this.person}`, run) : run());
    this.running = (this.running || Promise.resolve()).then(locked);
    return this.running;
  }

  async attempt(assessment, whole) {
    const now = await this.ask(this.paths.state(assessment, whole));
    if (now.how) return now;
    this.csrf = now.json.csrf;
    if (now.json.person.id !== this.person) return { how: "other" };
    await this.store.keepSheet(now.json);
    const waiting = (await this.store.queue(assessment)).filter((one) => !one.words);
    if (!waiting.length) return { how: now.json.editable ? "sent" : "refused", words: now.json.why_not };
    if (!now.json.editable) return { how: "refused", words: now.json.why_not };
    const changes = waiting.filter((one) => one.kind === "change");
    for (let start = 0; start < changes.length; start += Quick.BATCH) {
      const result = await this.sendChanges(assessment, changes.slice(start, start + Quick.BATCH));
      if (result) return result;
    }
    for (const photo of waiting.filter((one) => one.kind === "photo")) {
      const result = await this.sendPhoto(assessment, photo);
      if (result) return result;
    }
    const after = await this.ask(this.paths.state(assessment, false));
    if (after.how) return after;
    await this.store.keepSheet(after.json);
    return { how: "sent" };
  }

  // A sending that is refused as a whole goes again one by one, so that one bad entry holds up no other.
  async sendChanges(assessment, entries) {
    const changes = entries.map(({ id, question, field, value, base, made_at }) => ({ id, question, field, value, base, made_at }));
    const body = JSON.stringify({ device: await this.store.device(), changes });
    const got = await this.ask(this.paths.sync(assessment), { body, type: "application/json" });
    if (got.how === "invalid" && entries.length > 1) {
      for (const entry of entries) {
        const result = await this.sendChanges(assessment, [entry]);
        if (result) return result;
      }
      return null;
    }
    if (got.how === "invalid") {
      await this.store.mark(entries[0], got.words);
      return null;
    }
    if (got.how) return got;
    await this.store.keepSheet(got.json.state);
    const taken = new Set(got.json.results.map((one) => one.id));
    for (const entry of entries) if (taken.has(entry.id)) await this.store.drop(entry.n);
    return null;
  }

  async sendPhoto(assessment, entry) {
    const body = new FormData();
    body.append("id", entry.id);
    body.append("question", entry.question);
    body.append("photo", entry.blob, "photo.jpg");
    const got = await this.ask(this.paths.photo(assessment), { body });
    if (got.how === "invalid") await this.store.mark(entry, got.words);
    else if (got.how) return got;
    else await this.store.drop(entry.n);
    return null;
  }

  // {json} or {how, words}. A redirect is the login page: the session has ended.
  async ask(url, sent = null) {
    let answer;
    const headers = { Accept: "application/json" };
    if (sent) headers["X-CSRFToken"] = this.csrf;
    if (sent?.type) headers["Content-Type"] = sent.type;
    try {
      const method = sent ? "POST" : "GET";
      answer = await fetch(url, { method, headers, body: sent?.body, redirect: "manual", cache: "no-store" });
    } catch {
      return { how: "offline" };
    }
    if (answer.type === "opaqueredirect" || answer.status === 401) return { how: "login" };
    if (answer.status === 404 || (answer.status === 403 && !sent)) return { how: "gone" };
    const json = await answer.json().catch(() => ({}));
    if (answer.ok) return { json };
    if (answer.status === 409) return { how: "refused", words: json.words };
    if ((answer.status === 422 || answer.status === 400) && json.words) return { how: "invalid", words: json.words };
    return { how: "failed" };
  }
};
