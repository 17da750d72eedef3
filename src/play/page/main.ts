// The code of the playground's page; it runs in a browser.
import { createApp } from "vue";
import { App } from "./app.js";

createApp(App).mount("#app");
// So that the page opens again without a network. A page that is not served securely has none.
navigator.serviceWorker?.register("sw.js").catch(() => undefined);
