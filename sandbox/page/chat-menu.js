/** The menu in the corner of a chat's header, and what is told about the bot or the group. */

import * as api from "./api.js";
import { botIsIn, chatAvatar } from "./chats.js";
import { h } from "./dom.js";
import { sheetRow } from "./overlays.js";
import { avatar, botName, fullName, localized } from "./people.js";
import { plural, t } from "./words.js";

export class ChatMenu {
  constructor(phone) {
    this.phone = phone;
  }

  /** Open the menu at the corner of the header. */
  open(button) {
    const box = button.getBoundingClientRect();
    const items = this.phone.chat.type === "private" ? this.#privateDeeds() : this.#groupDeeds();
    this.phone.overlays.menu(items, { x: box.right, y: box.bottom });
  }

  #privateDeeds() {
    const { chat, id } = this.phone;
    const blockDeed = chat.blocked
      ? { icon: "block", label: t("unblock"), act: () => this.phone.doing(api.block(id, false)) }
      : { icon: "block", label: t("block"), danger: true, act: () => this.#block() };
    return [
      { icon: "bell", label: t("about-bot"), act: () => this.openAbout() },
      { icon: "link", label: t("start-with"), act: () => this.#askPayload() },
      { icon: "trash", label: t("clear-history"), act: () => this.#clear() },
      blockDeed,
    ];
  }

  #groupDeeds() {
    const { chat } = this.phone;
    const bot = (status) => () => this.phone.doing(api.changeMembers(chat.id, { bot: status }));
    const deeds = [{ icon: "group", label: t("about-group"), act: () => this.openAbout() }];
    deeds.push({ icon: "contact", label: t("add-member"), act: () => this.#addMember() });
    if (chat.is_forum) deeds.push({ icon: "hash", label: t("new-topic"), act: () => this.#makeTopic() });
    if (!botIsIn(chat)) deeds.push({ icon: "add", label: t("bot-add"), act: bot("member") });
    if (chat.bot_status === "member")
      deeds.push({ icon: "shield", label: t("bot-promote"), act: bot("administrator") });
    if (chat.bot_status === "administrator")
      deeds.push({ icon: "shield", label: t("bot-demote"), act: bot("member") });
    if (botIsIn(chat))
      deeds.push({ icon: "block", label: t("bot-remove"), danger: true, act: bot("kicked") });
    const leave = () => this.phone.doing(api.changeMembers(chat.id, { remove: [this.phone.id] }));
    return [...deeds, { icon: "back", label: t("leave-group"), danger: true, act: leave }];
  }

  async #block() {
    const sure = await this.phone.overlays.confirm({
      title: t("block"),
      text: t("block-sure"),
      ok: t("block"),
      danger: true,
    });
    if (sure) await this.phone.doing(api.block(this.phone.id, true));
  }

  async #clear() {
    const sure = await this.phone.overlays.confirm({
      title: t("clear-history"),
      text: t("clear-sure"),
      ok: t("clear"),
      danger: true,
    });
    if (sure) await this.phone.doing(api.clear(this.phone.id, this.phone.chat.id));
  }

  async #askPayload() {
    const answer = await this.phone.overlays.form({
      title: t("start-with"),
      fields: [
        {
          name: "payload",
          label: t("start-parameter"),
          maxlength: 64,
          pattern: "[A-Za-z0-9_\\-]*",
          placeholder: "…?start=",
        },
      ],
      ok: t("open"),
    });
    if (answer) this.phone.offerStart(answer.payload);
  }

  async #makeTopic() {
    const answer = await this.phone.overlays.form({
      title: t("new-topic"),
      fields: [{ name: "name", label: t("topic-name"), required: true, maxlength: 128 }],
      ok: t("create"),
    });
    const topic =
      answer && (await this.phone.doing(api.makeTopic(this.phone.chat.id, answer.name, this.phone.id)));
    if (topic) this.phone.go(this.phone.chat.id, topic.message_thread_id);
  }

  /** Ask for a name and make a group of one's own. */
  async makeGroup() {
    const answer = await this.phone.overlays.form({
      title: t("new-group"),
      fields: [
        { name: "title", label: t("group-title"), required: true, maxlength: 128 },
        {
          name: "forum",
          label: t("topics"),
          options: [
            ["", t("no")],
            ["yes", t("yes")],
          ],
        },
      ],
      ok: t("create"),
    });
    if (!answer) return;
    const about = {
      type: "supergroup",
      title: answer.title,
      is_forum: answer.forum === "yes",
      members: [this.phone.id],
      bot: "absent",
    };
    const chat = await this.phone.doing(api.makeChat(about));
    if (chat) this.phone.onchange();
  }

  #addMember() {
    const { chat, world } = this.phone;
    const inside = new Set(chat.members.map((member) => member.person));
    const others = [...world.people.values()].filter((person) => !inside.has(person.id));
    const close = this.phone.overlays.sheet(
      t("add-member"),
      others.map((person) => {
        const onclick = () => {
          close();
          this.phone.doing(api.changeMembers(chat.id, { add: [person.id] }));
        };
        return sheetRow(avatar(person), fullName(person), onclick);
      }),
    );
  }

  /** Tell about the bot or the group. */
  openAbout() {
    const { chat, overlays } = this.phone;
    if (chat.type === "private") overlays.sheet(t("about-bot"), this.#aboutBot());
    else overlays.sheet(t("about-group"), this.#aboutGroup());
  }

  #aboutBot() {
    const { world, person, chat } = this.phone;
    const words = localized(world.bot.short_description, person) || localized(world.bot.description, person);
    const commands = world.commands(chat, person);
    return h(
      "div",
      { class: "about" },
      chatAvatar(chat, world, person, "large"),
      h("h3", {}, botName(world.bot, person)),
      h("span", { class: "about-username" }, `@${world.bot.username}`),
      words && h("p", {}, words),
      h("h4", {}, t("commands")),
      commands.length === 0 && h("p", { class: "empty" }, t("no-commands")),
      h(
        "dl",
        { class: "about-commands" },
        commands.map(({ command, description }) => [h("dt", {}, `/${command}`), h("dd", {}, description)]),
      ),
    );
  }

  #aboutGroup() {
    const { world, person, chat } = this.phone;
    const people = chat.members.map(({ person: id, status }) =>
      memberRow(avatar(this.#knownPerson(id)), fullName(this.#knownPerson(id)), status),
    );
    const bot =
      botIsIn(chat) &&
      memberRow(chatAvatar({ type: "private" }, world, person), botName(world.bot, person), chat.bot_status);
    return h(
      "div",
      { class: "about" },
      chatAvatar(chat, world, person, "large"),
      h("h3", {}, chat.title),
      h("span", { class: "about-username" }, plural("members", people.length + (bot ? 1 : 0))),
      h("ul", { class: "about-members" }, bot, people),
    );
  }

  /** A member of a group, who may have no phone on this page. */
  #knownPerson(id) {
    const written = () =>
      [...this.phone.chat.messages.values()].find((message) => message.from?.id === id)?.from;
    return this.phone.world.people.get(id) ?? written() ?? { id, first_name: `${t("person")} ${id}` };
  }
}

function memberRow(picture, name, status) {
  const rank = { creator: t("owner"), administrator: t("administrator") }[status];
  return h("li", {}, picture, h("span", {}, name), rank && h("span", { class: "rank" }, rank));
}
