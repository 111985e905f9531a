/** All that the page asks of the server. The shapes are those of sandbox/README.md. */

/** A refusal by the server; its message says why. */
export class Refused extends Error {}

let bot;

/** Talk about this bot (id or username) instead of the server's first one. */
export function useBot(idOrName) {
  bot = idOrName;
}

async function call(path, body) {
  const options =
    body === undefined
      ? {}
      : {
          method: "POST",
          headers: { "Content-Type": "application/json" },
          body: JSON.stringify(body),
        };
  // In the address, not the body: there "bot" may be a bot's standing in a group.
  const address = `${path}${path.includes("?") ? "&" : "?"}${query({ bot })}`;
  const response = await fetch(`/sandbox/${address}`, options);
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refused(answer.error ?? response.statusText);
  return answer;
}

/** Query string of what is set. */
function query(values) {
  const set = Object.entries(values).filter(
    ([, value]) => value !== undefined && value !== null && value !== "",
  );
  return new URLSearchParams(set).toString();
}

export const state = (people) => call(`state?${query({ people: people?.join(",") })}`);
export const makePerson = (person) => call("people", person);
export const makeChat = (chat) => call("chats", chat);
export const changeMembers = (chat, change) => call(`chats/${chat}/members`, change);
export const makeTopic = (chat, name, from) => call(`chats/${chat}/topics`, { name, from });
export const join = (person, link) => call("join", { person, link });
export const send = (message) => call("send", message);
/** Several at once: nobody's message comes between those of an album. */
export const sendTogether = (messages) => call("send_many", messages);
export const edit = (change) => call("edit", change);
export const remove = (message) => call("delete", message);
export const clear = (from, chat) => call("clear", { from, chat });
export const press = (button) => call("press", button);
export const callback = (id, wait) => call(`callbacks/${encodeURIComponent(id)}?${query({ wait })}`);
export const inline = (request) => call("inline", request);
export const chooseInline = (choice) => call("inline/choose", choice);
export const react = (reaction) => call("react", reaction);
export const vote = (choice) => call("vote", choice);
export const block = (person, blocked) => call("block", { person, blocked });
export const menu = (person, chat) => call(`menu?${query({ person, chat })}`);
export const moveClock = (seconds) => call("clock", { advance: seconds });
export const violations = () => call("violations");

/** Where the content of a file (a document, a photo's size, a voice note…) is. */
export function fileUrl(file) {
  return `/sandbox/files/${encodeURIComponent(file.file_unique_id)}`;
}

/** The stream of events after this one; the browser reconnects by itself and says where it was. */
export function events(after) {
  return new EventSource(`/sandbox/events?${query({ after, bot })}`);
}
