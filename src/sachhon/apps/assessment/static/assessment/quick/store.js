// The device's own store of checklists and of what waits to be sent: one database a person, so that nobody sees
// or sends what somebody else typed on the same device.
//
//   sheets   what the server said last, by assessment
//   queue    what waits to be sent, in its order: {n, id, assessment, kind, question, field, value, base, blob, words}
//   about    the name of this device
window.Quick = window.Quick || {};

Quick.PERSON = "sachhon-person"; // in localStorage; site.js sets it with every page and takes it away at the login page

Quick.uuid = () => {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 15) | 64;
  bytes[8] = (bytes[8] & 63) | 128;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
};

Quick.openStore = (person) =>
  new Promise((resolve, reject) => {
    const asked = indexedDB.open(`sachhon-quick-${person}`, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("sheets", { keyPath: "assessment" });
      asked.result.createObjectStore("queue", { keyPath: "n", autoIncrement: true }).createIndex("id", "id");
      asked.result.createObjectStore("about", { keyPath: "name" });
    };
    asked.onerror = () => reject(asked.error);
    asked.onsuccess = () => resolve(new Quick.Store(asked.result));
  });

Quick.Store = class {
  constructor(db) {
    this.db = db;
    this.bus = "BroadcastChannel" in window ? new BroadcastChannel(db.name) : null;
  }

  // Runs one request in a transaction of its own; done when the device has really written it.
  run(name, mode, act) {
    return new Promise((resolve, reject) => {
      const transaction = this.db.transaction(name, mode, { durability: "strict" });
      const request = act(transaction.objectStore(name));
      transaction.oncomplete = () => resolve(request?.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  sheet(assessment) {
    return this.run("sheets", "readonly", (store) => store.get(assessment));
  }

  // The questions come once, what stands comes with every answer of the server.
  async keepSheet(state) {
    const before = await this.sheet(state.assessment);
    const questions = state.questions || before?.questions || [];
    const { csrf, ...kept } = state;
    await this.run("sheets", "readwrite", (store) => store.put({ ...kept, questions }));
    this.told();
    return { ...kept, questions };
  }

  async queue(assessment) {
    const all = await this.run("queue", "readonly", (store) => store.getAll());
    return assessment ? all.filter((one) => one.assessment === assessment) : all;
  }

  async add(entry) {
    await this.run("queue", "readwrite", (store) => store.add({ made_at: new Date().toISOString(), ...entry }));
    this.told();
  }

  // A newer answer takes the place of one that still waits, under a new id: the old one may have arrived unseen.
  async change(assessment, question, field, value, base) {
    const waiting = (await this.queue(assessment)).filter(
      (one) => one.kind === "change" && one.question === question && one.field === field,
    );
    const entry = { kind: "change", id: Quick.uuid(), assessment, question, field, value };
    await this.add({ ...entry, base: waiting.length ? waiting[0].base : base });
    for (const one of waiting) await this.drop(one.n);
  }

  async drop(n) {
    await this.run("queue", "readwrite", (store) => store.delete(n));
    this.told();
  }

  // Why the server refused it; nothing where a newer answer has taken its place meanwhile.
  async mark(entry, words) {
    await this.run("queue", "readwrite", (store) => {
      const found = store.get(entry.n);
      found.onsuccess = () => found.result && store.put({ ...found.result, words });
    });
    this.told();
  }

  async device() {
    const known = await this.run("about", "readonly", (store) => store.get("device"));
    if (known) return known.value;
    const value = Quick.uuid();
    await this.run("about", "readwrite", (store) => store.put({ name: "device", value }));
    return value;
  }

  told() {
    this.bus?.postMessage("changed");
  }
};
