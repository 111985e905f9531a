/** What a person can attach: own files, samples, a contact, a place, a sticker. */

import { h, icon } from "./dom.js";
import { placePicker } from "./map.js";
import { fullName } from "./people.js";
import { t } from "./words.js";

const SAMPLES = { photo: "sample.jpg", document: "sample.pdf", voice: "sample.ogg" };

/**
 * A file in the form that the server takes.
 *
 * @param blob a File or Blob
 * @returns promise of {name, data}
 */
export async function packed(blob, name = blob.name) {
  const url = await new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
  return { name, data: url.slice(url.indexOf(",") + 1) };
}

/** One of the files that come with the page, packed. @param kind photo, document or voice */
export async function sample(kind) {
  const response = await fetch(SAMPLES[kind]);
  return packed(await response.blob(), SAMPLES[kind]);
}

/**
 * The panel of things to attach.
 *
 * @param phone whose panel it is
 * @param post function that sends a list of {photo | document | contact | …} as messages, an album if several
 */
export function openAttachments(phone, post) {
  const close = phone.overlays.sheet(
    t("attach"),
    h(
      "div",
      { class: "attach-grid" },
      choices(phone, post).map(([name, label, act]) => {
        const onclick = () => {
          close();
          act();
        };
        return h(
          "button",
          { type: "button", onclick },
          h("span", { class: "attach-icon" }, icon(name)),
          h("span", {}, label),
        );
      }),
    ),
  );
}

function choices(phone, post) {
  return [
    ["photo", t("your-photo"), () => fromDisk("image/*", "photo", post)],
    ["document", t("your-file"), () => fromDisk("", "document", post)],
    ["location", t("location"), () => askPlace(phone, post)],
    ["contact", t("contact"), () => askContact(phone, post)],
    ["photo", t("sample-photo"), async () => post([{ photo: await sample("photo") }])],
    ["document", t("sample-document"), async () => post([{ document: await sample("document") }])],
    ["sticker", t("sticker"), () => post([{ sticker: true }])],
    ["forward", t("sample-post"), () => post([samplePost(phone)])],
  ];
}

/** A post of somebody's channel, as people forward them to bots. */
function samplePost(phone) {
  const chat = { id: -1001234567890, type: "channel", title: t("sample-channel") };
  const date = Math.floor(phone.world.now()) - 3600;
  return { text: t("sample-post-text"), forward_origin: { type: "channel", chat, date, message_id: 42 } };
}

function fromDisk(accept, kind, post) {
  const onchange = async () =>
    post(await Promise.all([...input.files].map(async (file) => ({ [kind]: await packed(file) }))));
  const input = h("input", { type: "file", accept, multiple: true, onchange });
  input.click();
}

/** Ask for a place on the map, and send it. */
export async function askPlace(phone, post) {
  const picker = placePicker();
  const place = await phone.overlays.choose({
    title: t("choose-place"),
    element: picker.element,
    ok: t("send"),
    read: picker.value,
    wide: true,
  });
  if (place) post([{ location: place }]);
}

async function askContact(phone, post) {
  const contact = await phone.overlays.form({
    title: t("share-contact"),
    ok: t("send"),
    fields: [
      { name: "first_name", label: t("first-name"), required: true, maxlength: 64 },
      { name: "last_name", label: t("last-name"), maxlength: 64 },
      {
        name: "phone_number",
        label: t("phone-number"),
        type: "tel",
        value: "+996",
        required: true,
        maxlength: 20,
      },
    ],
  });
  if (contact) post([{ contact: Object.fromEntries(Object.entries(contact).filter(([, value]) => value)) }]);
}

/** Ask whether the bot may have the person's own number, and send it. */
export async function shareContact(phone, post) {
  const { person } = phone;
  const title = t("share-phone-title");
  const text = `${fullName(person)}. ${t("share-phone-text", { number: person.phone })}`;
  if (await phone.overlays.confirm({ title, text, ok: t("share") })) post([{ contact: true }]);
}
