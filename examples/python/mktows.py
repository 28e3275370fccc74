"""What the examples with zeep share: a client whose calls are signed, and short ways to write requests."""

import zeep

from common import ENDPOINT, signed

NAMESPACE = "{http://www.marketo.com/mktows/}"
CLIENT = zeep.Client(ENDPOINT + "?WSDL")


def call(operation, /, **params):
    """The answer to a call.

    zeep unwraps elements that stand alone: `result`, and in it a list that is all there is.
    """
    user, signature, timestamp = signed()
    header = CLIENT.get_element(NAMESPACE + "AuthenticationHeader")(
        mktowsUserId=user, requestSignature=signature, requestTimestamp=timestamp
    )
    return getattr(CLIENT.service, operation)(_soapheaders=[header], **params)


def fault_code(operation, /, **params):
    """The code of the fault that a call must end with, None if it does not."""
    try:
        call(operation, **params)
    except zeep.exceptions.Fault as fault:
        return int(fault.detail.findtext(".//code"))


def attributes(**pairs):
    """Values of a lead or of a custom object."""
    return {"attribute": [{"attrName": name, "attrValue": value} for name, value in pairs.items()]}


def attribs(**pairs):
    """Values of an opportunity, a role or a program."""
    return {"attrib": [{"name": name, "value": value} for name, value in pairs.items()]}


def selector(kind, **content):
    """A leadSelector: a LeadKeySelector, a StaticListSelector or a LastUpdateAtSelector."""
    return CLIENT.get_type(NAMESPACE + kind)(**content)


def by_id(lead):
    """A leadKey that names one lead by its id."""
    return {"keyType": "IDNUM", "keyValue": str(lead)}


def lead_id(email, **values):
    """The id of a lead with this address, made if it is not there, after these values were written."""
    record = {"Email": email, "leadAttributeList": attributes(**values)}
    return call("syncMultipleLeads", leadRecordList={"leadRecord": [record]}, dedupEnabled=True).syncStatus[0].leadId
