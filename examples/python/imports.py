"""Imports into a list of a program: rows as in a CSV file, done in the background."""

import csv
import io
import sys
import time

from common import UNIQUE, check, values
from mktows import by_id, call, fault_code, lead_id

ANN = f"ann.import.{UNIQUE}@example.com"
BOB = f"bob.import.{UNIQUE}@example.com"
LIST = {"programName": "Trav-Demo-Program", "listName": "Trav-Test-List"}
lead_id(ANN, Company="Acme", City="Oslo")


def row(*cells):
    """A row of a CSV file: values with commas or quotes in them are quoted."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue()


# importToList: columns have the names that people see. It answers at once.
def start(mode, header, *rows):
    return call(
        "importToList",
        importFileHeader=header,
        importFileRows={"stringItem": list(rows)},
        importListMode=mode,
        clearList=False,
        campaignName=None,
        **LIST,
    )


# getImportToListStatus: asked until the import has ended. Once a minute is enough outside of an example.
def wait():
    for _ in range(300):
        status = call("getImportToListStatus", **LIST)
        if status.status != "PROCESSING":
            return status
        time.sleep(0.1)
    sys.exit("the import does not end")


def counts(status):
    return [status.rowsImported, status.rowsFailed, status.rowsIgnored]


# Leads are created and updated, and put on the list. A row that fails is counted and stops nobody.
status = start(
    "UPSERTLEADS",
    "Email Address,First Name,Company Name,City",
    row(ANN, "Ann", "Acme, Inc.", ""),
    row(BOB, "Bob", 'Söhne "AG"', "Bergen"),
    row("", "Nobody", "", ""),
)
check("PROCESSING", status, "the import is taken")
status = wait()
check("COMPLETE", status.status, "it is done")
check(3, status.estimatedRows, "it had three rows")
check([2, 1, 0], counts(status), "one of them had no key")


def lead(email):
    return call("getLead", leadKey={"keyType": "EMAIL", "keyValue": email}).leadRecordList.leadRecord[0]


def read(email):
    return values(lead(email).leadAttributeList.attribute)


check(["Acme, Inc.", "Oslo"], [read(ANN)["Company"], read(ANN)["City"]], "an empty cell changes nothing")
check('Söhne "AG"', read(BOB)["Company"], "the second lead is new")
members = call(
    "listOperation",
    listOperation="ISMEMBEROFLIST",
    listKey={"keyType": "MKTOLISTNAME", "keyValue": "Trav-Demo-Program.Trav-Test-List"},
    listMemberList={"leadKey": [by_id(lead(ANN).Id), by_id(lead(BOB).Id)]},
)
check(True, members.success, "both are on the list")

# LISTONLY creates and changes nobody.
start("LISTONLY", "Email Address,First Name", row(ANN, "Anna"), row(f"nobody.{UNIQUE}@example.com", "Nobody"))
status = wait()
check([0, 0, 2], counts(status), "a member and a stranger are ignored")
check("Ann", read(ANN)["FirstName"], "no value is changed")
unknown = {**LIST, "listName": f"No such list {UNIQUE}"}
check(20111, fault_code("getImportToListStatus", **unknown), "an unknown list is a fault")
