"""The rival in Python: a Spyne application, with the leads in a dict."""

from threading import Lock

from spyne import Application, Boolean, ComplexModel, Fault, Integer32, ServiceBase, Unicode, const, rpc
from spyne.protocol.soap import Soap11
from spyne.server.wsgi import WsgiApplication

NAMESPACE = 'http://www.marketo.com/mktows/'


class Model(ComplexModel):
    __namespace__ = NAMESPACE


# The WSDL's elements below the Body's child are in no namespace, those of Spyne are in that of their type if nothing
# else is said: hence the empty sub_ns.
def one(kind, **facets):
    return kind.customize(sub_ns='', min_occurs=1, **facets)


def optional(kind):
    return kind.customize(sub_ns='', min_occurs=0, nillable=True)


def nil(kind):
    """An optional element that is answered as nil, not left out."""
    return one(kind, nillable=True)


def many(kind):
    return kind.customize(sub_ns='', min_occurs=0, max_occurs='unbounded')


class Attribute(Model):
    attrName = one(Unicode)
    attrType = optional(Unicode)
    attrValue = one(Unicode)


class ArrayOfAttribute(Model):
    attribute = many(Attribute)


class LeadRecord(Model):
    Id = optional(Integer32)
    Email = optional(Unicode)
    ForeignSysPersonId = nil(Unicode)
    ForeignSysType = nil(Unicode)
    leadAttributeList = optional(ArrayOfAttribute)


class ArrayOfLeadRecord(Model):
    leadRecord = many(LeadRecord)


class ParamsSyncMultipleLeads(Model):
    leadRecordList = one(ArrayOfLeadRecord)
    dedupEnabled = optional(Boolean)


class SyncStatus(Model):
    leadId = one(Integer32)
    status = one(Unicode)
    error = nil(Unicode)


class ArrayOfSyncStatus(Model):
    syncStatus = many(SyncStatus)


class ResultSyncMultipleLeads(Model):
    syncStatusList = one(ArrayOfSyncStatus)


class SuccessSyncMultipleLeads(Model):
    result = one(ResultSyncMultipleLeads)


class LeadKey(Model):
    keyType = one(Unicode)
    keyValue = one(Unicode)


class ParamsGetLead(Model):
    leadKey = one(LeadKey)


class ResultGetLead(Model):
    count = one(Integer32)
    leadRecordList = optional(ArrayOfLeadRecord)


class SuccessGetLead(Model):
    result = one(ResultGetLead)


class Lead:
    __slots__ = ('id', 'email', 'attributes')

    def __init__(self, number, email):
        self.id = number
        self.email = email
        self.attributes = {}


leads = {}
lock = Lock()


class Rival(ServiceBase):
    @rpc(
        ParamsSyncMultipleLeads,
        _returns=SuccessSyncMultipleLeads,
        _body_style='bare',
        _in_message_name='paramsSyncMultipleLeads',
        _out_message_name='successSyncMultipleLeads',
    )
    def syncMultipleLeads(ctx, params):
        statuses = []
        with lock:
            for record in params.leadRecordList.leadRecord or ():
                key = record.Email.lower()
                lead = leads.get(key)
                status = 'UPDATED'
                if lead is None:
                    lead = leads[key] = Lead(len(leads) + 1, record.Email)
                    status = 'CREATED'
                if record.leadAttributeList is not None:
                    for attribute in record.leadAttributeList.attribute or ():
                        lead.attributes[attribute.attrName] = attribute.attrValue
                statuses.append(SyncStatus(leadId=lead.id, status=status))
        status_list = ArrayOfSyncStatus(syncStatus=statuses)
        return SuccessSyncMultipleLeads(result=ResultSyncMultipleLeads(syncStatusList=status_list))

    @rpc(
        ParamsGetLead,
        _returns=SuccessGetLead,
        _body_style='bare',
        _in_message_name='paramsGetLead',
        _out_message_name='successGetLead',
    )
    def getLead(ctx, params):
        with lock:
            lead = leads.get(params.leadKey.keyValue.lower())
            if lead is None:
                raise Fault('Client', '20103 - Lead not found')
            attributes = [
                Attribute(attrName=name, attrType='string', attrValue=value)
                for name, value in lead.attributes.items()
            ]
        record = LeadRecord(Id=lead.id, Email=lead.email, leadAttributeList=ArrayOfAttribute(attribute=attributes))
        records = ArrayOfLeadRecord(leadRecord=[record])
        return SuccessGetLead(result=ResultGetLead(count=1, leadRecordList=records))


# Spyne collects all garbage once a second to close files soon. Here are none, and with many leads it takes its time.
const.MIN_GC_INTERVAL = float('inf')

# No validator: it would only cost time.
application = WsgiApplication(
    Application([Rival], NAMESPACE, in_protocol=Soap11(validator=None), out_protocol=Soap11()),
    block_length=1 << 20,
)
