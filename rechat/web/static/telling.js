// Elements that are told in short, and made from that or changed to it. A line of the list that becomes
// another one keeps its elements, of which only those texts and attributes are touched that differ: to
// make a line anew takes a browser five times as long, and 2,000 exchanges may come in a second.

// `props` are attributes; `style.width` and the like are styles. Nothing is made of what is empty.
export const t = (name, props = {}, ...children) => ({ name, props, children: children.flat().filter(isThere) });

const isThere = (child) => child !== null && child !== undefined && child !== "";

export function make(told) {
  if (typeof told !== "object") return document.createTextNode(told);
  const made = document.createElement(told.name);
  for (const name in told.props) put(made, name, told.props[name]);
  for (const child of told.children) made.append(make(child));
  return made;
}

// The node that was told before becomes what is told now; another node takes its place if it has to.
export function mend(node, before, now) {
  if (typeof now !== "object" && typeof before !== "object") {
    if (before !== now) node.data = now;
  } else if (before.name === now.name) {
    mendProps(node, before.props, now.props);
    mendChildren(node, before.children, now.children);
  } else {
    node.replaceWith(make(now));
  }
}

function mendProps(element, before, now) {
  for (const name in now) if (now[name] !== before[name]) put(element, name, now[name]);
  for (const name in before) if (!(name in now)) put(element, name, null);
}

function mendChildren(element, before, now) {
  const nodes = [...element.childNodes];
  for (let at = 0; at < now.length; at++) {
    if (at < nodes.length) mend(nodes[at], before[at], now[at]);
    else element.append(make(now[at]));
  }
  for (const node of nodes.slice(now.length)) node.remove();
}

function put(element, name, value) {
  if (name.startsWith("style.")) element.style[name.slice("style.".length)] = value ?? "";
  else if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
