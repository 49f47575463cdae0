// A small virtual DOM. When a line of the list becomes another one, its elements are kept, and only the
// texts and attributes that differ are changed: to create a line again takes a browser five times as
// long, and 2,000 exchanges may arrive in a second.

// A description of an element: `props` are its attributes (`style.width` and the like: its styles), and
// empty children are left out. A text describes a text node.
export const vnode = (name, props = {}, ...children) => ({ name, props, children: children.flat().filter(isThere) });

const isThere = (child) => child !== null && child !== undefined && child !== "";

export function create(vnode) {
  if (typeof vnode !== "object") return document.createTextNode(vnode);
  const element = document.createElement(vnode.name);
  for (const name in vnode.props) setProp(element, name, vnode.props[name]);
  for (const child of vnode.children) element.append(create(child));
  return element;
}

// Change a node that was created from `before` so that it matches `now`; if that is another kind of node,
// it is replaced.
export function patch(node, before, now) {
  if (typeof now !== "object" && typeof before !== "object") {
    if (before !== now) node.data = now;
  } else if (before.name === now.name) {
    patchProps(node, before.props, now.props);
    patchChildren(node, before.children, now.children);
  } else {
    node.replaceWith(create(now));
  }
}

function patchProps(element, before, now) {
  for (const name in now) if (now[name] !== before[name]) setProp(element, name, now[name]);
  for (const name in before) if (!(name in now)) setProp(element, name, null);
}

function patchChildren(element, before, now) {
  const nodes = [...element.childNodes];
  for (let at = 0; at < now.length; at++) {
    if (at < nodes.length) patch(nodes[at], before[at], now[at]);
    else element.append(create(now[at]));
  }
  for (const node of nodes.slice(now.length)) node.remove();
}

function setProp(element, name, value) {
  if (name.startsWith("style.")) element.style[name.slice("style.".length)] = value ?? "";
  else if (value === null || value === undefined) element.removeAttribute(name);
  else element.setAttribute(name, value);
}
