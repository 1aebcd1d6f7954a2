"""Run macros of a workbook in LibreOffice: a script for the Python that has ``uno`` (the system's), not imported by tests.

Arguments: soffice, profile folder, workbook, then steps as JSON: ["call", "Module.Sub", arg...], ["select", sheet, cell],
["read", sheet, area], ["buttons", sheet] (label and macro of each). Prints the modules of the project and the result
of every step as one JSON object.
"""

import json
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

ALWAYS_EXECUTE = 4                      # com.sun.star.document.MacroExecMode.ALWAYS_EXECUTE_NO_WARN


def connect(name: str):
    resolver = uno.getComponentContext().ServiceManager.createInstance("com.sun.star.bridge.UnoUrlResolver")
    for _ in range(600):
        try:
            return resolver.resolve(f"uno:pipe,name={name};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)
    raise TimeoutError("soffice did not start")


def carry_out(document, action: str, *words):
    if action == "call":
        macro, *given = words
        script = document.getScriptProvider().getScript(
            f"vnd.sun.star.script:VBAProject.{macro}?language=Basic&location=document")
        return script.invoke(tuple(given), (), ())[0]
    page = document.Sheets.getByName(words[0])
    if action == "buttons":
        form = page.DrawPage.Forms.getByIndex(0)
        return [[form.getByIndex(i).Label, event.ScriptCode] for i in range(form.Count) for event in form.getScriptEvents(i)]
    if action == "select":
        document.CurrentController.setActiveSheet(page)
        document.CurrentController.select(page.getCellRangeByName(words[1]))
        return None
    return [list(row) for row in page.getCellRangeByName(words[1]).getDataArray()]


def main(program: str, profile: str, workbook: str, steps: str) -> None:
    pipe = f"tuijie{abs(hash(profile))}"
    office = subprocess.Popen([program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore",
                               f"--accept=pipe,name={pipe};urp"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        context = connect(pipe)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        wanted = {"Hidden": False, "MacroExecutionMode": ALWAYS_EXECUTE}
        document = desktop.loadComponentFromURL(
            Path(workbook).as_uri(), "_blank", 0, tuple(PropertyValue(Name=k, Value=v) for k, v in wanted.items()))
        library = document.BasicLibraries.getByName("VBAProject")
        modules = {name: library.getByName(name) for name in library.getElementNames()}
        results = [carry_out(document, *step) for step in json.loads(steps)]
        print(json.dumps({"modules": modules, "results": results}))
        document.close(True)
        desktop.terminate()
        office.wait(60)
    finally:
        office.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
