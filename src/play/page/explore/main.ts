// The code of the page of explorables; it runs in a browser.
import { createApp } from "vue";
import { Explore } from "./explore.js";

createApp(Explore).mount("#app");
