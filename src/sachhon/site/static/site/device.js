// What a checklist keeps on this device (assessment/quick/store.js) is not encrypted: on a phone that several people
// use it goes when its owner logs out, and what somebody left behind goes when the next person logs in. What waits to
// be sent is lost to nobody: its owner is asked first, and another person's stays until its owner comes back.
(() => {
  const NAME = "sachhon-quick-";
  const person = document.body.dataset.person;
  const words = document.body.dataset;
  if (!("indexedDB" in window) || !person) return;

  // How many entries wait in a database; 0 where there is none. Opening must not make an empty one.
  const waiting = (name) =>
    new Promise((resolve) => {
      const asked = indexedDB.open(name);
      asked.onupgradeneeded = () => asked.transaction.abort();
      asked.onerror = () => resolve(0);
      asked.onsuccess = () => {
        const db = asked.result;
        const done = (n) => {
          db.close();
          resolve(n);
        };
        if (!db.objectStoreNames.contains("queue")) return done(0);
        const count = db.transaction("queue").objectStore("queue").count();
        count.onsuccess = () => done(count.result);
        count.onerror = () => done(0);
      };
    });
  const remove = (name) =>
    new Promise((resolve) => {
      const asked = indexedDB.deleteDatabase(name);
      asked.onsuccess = asked.onerror = asked.onblocked = () => resolve();
    });

  const sweep = async () => {
    if (!indexedDB.databases) return;
    for (const { name } of await indexedDB.databases()) {
      const others = name?.startsWith(NAME) && name !== `${NAME}${person}`;
      if (others && !(await waiting(name))) await remove(name);
    }
  };
  sweep().catch(() => {});

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form[data-logout]");
    if (!form || form.dataset.cleared) return;
    event.preventDefault();
    const name = `${NAME}${person}`;
    const n = await waiting(name).catch(() => 0);
    if (n && !confirm(words.logoutWaiting.replace("{n}", n))) return;
    await remove(name).catch(() => {});
    form.dataset.cleared = "yes";
    form.requestSubmit();
  });
})();
