// A view as plain objects, and the least change that makes the document so: what did not change
// keeps its focus, its tooltip, and does not move.

const SVG = "http://www.w3.org/2000/svg";
const SVG_TAGS = new Set(["svg", "rect", "line", "path", "pattern"]);

// An element: `h("p", {class: "muted"}, "text", other)`. No attribute for null and false, no child
// for null, false and undefined.
export function h(tag, attributes, ...children) {
  const kept = children.flat().filter((child) => child != null && child !== false);
  return { tag, attributes: attributes ?? {}, children: kept };
}

// Makes the children of a node be these.
export function patch(parent, children) {
  children.forEach((child, index) => {
    const node = parent.childNodes[index];
    if (node === undefined) parent.append(made(child));
    else if (!fits(node, child)) node.replaceWith(made(child));
    else adapt(node, child);
  });
  while (parent.childNodes.length > children.length) parent.lastChild.remove();
}

function fits(node, child) {
  if (typeof child === "string") return node.nodeType === Node.TEXT_NODE;
  return node.localName === child.tag;
}

function adapt(node, child) {
  if (typeof child === "string") {
    if (node.data !== child) node.data = child;
    return;
  }
  dress(node, child.attributes);
  patch(node, child.children);
}

function made(child) {
  if (typeof child === "string") return document.createTextNode(child);
  const node = SVG_TAGS.has(child.tag)
    ? document.createElementNS(SVG, child.tag)
    : document.createElement(child.tag);
  adapt(node, child);
  return node;
}

function dress(node, attributes) {
  for (const name of node.getAttributeNames()) {
    if (attributes[name] == null || attributes[name] === false) node.removeAttribute(name);
  }
  for (const [name, value] of Object.entries(attributes)) {
    if (value == null || value === false) continue;
    const text = value === true ? "" : String(value);
    if (node.getAttribute(name) !== text) node.setAttribute(name, text);
  }
}
