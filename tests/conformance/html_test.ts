import { testStandard } from "./harness.ts";
import { HTML } from "./html.ts";

testStandard(HTML);
