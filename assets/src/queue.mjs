// The outbox: submissions kept in this browser until the server has said that it keeps them.

const NAME = "danbe", STORE = "outbox";

function opened() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "id" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function within(mode, work) {
  const base = await opened();
  try {
    return await new Promise((resolve, reject) => {
      // «strict»: told done once it is on the disk, for a person closes the lid next.
      const step = base.transaction(STORE, mode, { durability: "strict" });
      const asked = work(step.objectStore(STORE));
      step.oncomplete = () => resolve(asked?.result);
      step.onerror = step.onabort = () => reject(step.error);
    });
  } finally {
    base.close();
  }
}

export const all = async () => (await within("readonly", (s) => s.getAll())).sort((a, b) => a.at - b.at);
export const put = (item) => within("readwrite", (s) => s.put(item));
export const drop = (id) => within("readwrite", (s) => s.delete(id));

// What a form gave: its parts as they will be posted, who filled it, and when.
export async function keep(data, who, title) {
  const parts = [...data.entries()].map(([name, file]) => ({ name, file, filename: file.name ?? name }));
  await put({ id: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}`, at: Date.now(), who, title, parts, refused: "" });
}
