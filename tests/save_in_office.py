"""Save a file with a password in LibreOffice: a script for the Python that has ``uno``, not imported by tests.

Arguments: soffice, profile folder, source, target, filter, password.
"""

import subprocess
import sys
from pathlib import Path

import uno  # noqa: F401 - makes com.sun.star importable
from com.sun.star.beans import PropertyValue
from run_in_office import connect


def settings(**values) -> tuple:
    return tuple(PropertyValue(Name=name, Value=value) for name, value in values.items())


def main(program: str, profile: str, source: str, target: str, filter_name: str, password: str) -> None:
    pipe = f"tuijie{abs(hash(profile + target))}"
    office = subprocess.Popen([program, f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore",
                               f"--accept=pipe,name={pipe};urp;"])
    try:
        context = connect(pipe)
        desktop = context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
        document = desktop.loadComponentFromURL(Path(source).as_uri(), "_blank", 0, settings(Hidden=True))
        document.storeToURL(Path(target).as_uri(), settings(FilterName=filter_name, Password=password))
        document.close(True)
        desktop.terminate()
        office.wait(30)
    finally:
        office.kill()


if __name__ == "__main__":
    main(*sys.argv[1:])
