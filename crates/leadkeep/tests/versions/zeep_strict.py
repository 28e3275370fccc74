"""Sends requests with zeep, which builds them from a version's WSDL and takes no element that it does not expect.

    zeep_strict.py FOLDER

FOLDER has a folder a version, with a request (its params element) a file.
"""

import sys
from pathlib import Path

import zeep
from lxml import etree

from common import ENDPOINT, signed

NAMESPACE = "{http://www.marketo.com/mktows/}"


def call(client, request):
    element = client.get_element(request.tag)
    params = element.parse(request, client.wsdl.types)
    user, signature, timestamp = signed()
    header = client.get_element(NAMESPACE + "AuthenticationHeader")(
        mktowsUserId=user, requestSignature=signature, requestTimestamp=timestamp
    )
    stem = etree.QName(request).localname.removeprefix("params")
    operation = stem[0].lower() + stem[1:]
    given = {} if params is None else {name: params[name] for name in params}
    client.service[operation](_soapheaders=[header], **given)


for version in sorted(Path(sys.argv[1]).iterdir()):
    endpoint = ENDPOINT.rpartition("/")[0] + "/" + version.name
    client = zeep.Client(endpoint + "?WSDL", settings=zeep.Settings(strict=True))
    for file in sorted(version.glob("*.xml")):
        try:
            call(client, etree.parse(file).getroot())
        except Exception as error:
            sys.exit(f"{version.name} {file.stem}: {type(error).__name__}: {error}")
        print(f"ok: {version.name} {file.stem}")
