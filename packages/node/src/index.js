export { findCommand } from "./command.js";
export { Server, start } from "./server.js";
