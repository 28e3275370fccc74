// syncMultipleLeads, syncMObjects and syncCustomObjects with gSOAP.
#include "MktowsApiSoapBinding.nsmap"
#include "soapMktowsApiSoapBindingProxy.h"

#include <cstdlib>
#include <ctime>
#include <iostream>
#include <openssl/hmac.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

using Pairs = std::vector<std::pair<std::string, std::string>>;

static std::string setting(const char *name, const char *otherwise) {
    const char *value = std::getenv(name);
    return value ? value : otherwise;
}

static const std::string endpoint = setting("LEADKEEP_ENDPOINT", "http://127.0.0.1:8080/soap/mktows/3_1");
static const std::string user = setting("LEADKEEP_USER", "demo_user");
static const std::string key = setting("LEADKEEP_KEY", "demo_key_0123456789abcdef");

template <typename Expected, typename Came> static void check(const Expected &expected, const Came &came, const char *what) {
    if (!(came == expected)) {
        std::cerr << what << ": another answer was expected\n";
        std::exit(1);
    }
    std::cout << "ok: " << what << "\n";
}

// A proxy whose next call is signed now.
static MktowsApiSoapBindingProxy &ready(MktowsApiSoapBindingProxy &proxy) {
    char timestamp[32];
    std::time_t now = std::time(nullptr);
    std::strftime(timestamp, sizeof timestamp, "%Y-%m-%dT%H:%M:%S+00:00", std::gmtime(&now));
    std::string message = timestamp + user;
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    HMAC(EVP_sha1(), key.data(), static_cast<int>(key.size()), reinterpret_cast<const unsigned char *>(message.data()),
         message.size(), digest, &length);
    std::string signature;
    for (unsigned int at = 0; at < length; ++at) {
        static const char digits[] = "0123456789abcdef";
        signature += digits[digest[at] >> 4];
        signature += digits[digest[at] & 15];
    }
    auto *header = soap_new_ns1__AuthenticationHeaderInfo(proxy.soap);
    header->mktowsUserId = user;
    header->requestSignature = signature;
    header->requestTimestamp = timestamp;
    proxy.soap->header = soap_new_SOAP_ENV__Header(proxy.soap);
    proxy.soap->header->ns1__AuthenticationHeader = header;
    return proxy;
}

static void must(MktowsApiSoapBindingProxy &proxy, int result) {
    if (result != SOAP_OK) {
        proxy.soap_stream_fault(std::cerr);
        std::exit(1);
    }
}

static std::string *text(soap *soap, const std::string &value) {
    auto *made = soap_new_std__string(soap);
    *made = value;
    return made;
}

static ns1__ArrayOfAttribute *attributes(soap *soap, const Pairs &pairs) {
    auto *list = soap_new_ns1__ArrayOfAttribute(soap);
    for (const auto &pair : pairs) {
        auto *attribute = soap_new_ns1__Attribute(soap);
        attribute->attrName = pair.first;
        attribute->attrValue = pair.second;
        list->attribute.push_back(attribute);
    }
    return list;
}

static ns1__Attrib *attrib(soap *soap, const std::string &name, const std::string &value) {
    auto *made = soap_new_ns1__Attrib(soap);
    made->name = name;
    made->value = value;
    return made;
}

static ns1__ArrayOfAttrib *attribs(soap *soap, const Pairs &pairs) {
    auto *list = soap_new_ns1__ArrayOfAttrib(soap);
    for (const auto &pair : pairs) {
        list->attrib.push_back(attrib(soap, pair.first, pair.second));
    }
    return list;
}

static ns1__SyncStatus *sync_lead(MktowsApiSoapBindingProxy &proxy, const std::string &email, const Pairs &pairs) {
    soap *soap = proxy.soap;
    auto *record = soap_new_ns1__LeadRecord(soap);
    record->Email = text(soap, email);
    record->leadAttributeList = attributes(soap, pairs);
    auto *params = soap_new_ns1__ParamsSyncMultipleLeads(soap);
    params->leadRecordList = soap_new_ns1__ArrayOfLeadRecord(soap);
    params->leadRecordList->leadRecord.push_back(record);
    auto *answer = soap_new_ns1__SuccessSyncMultipleLeads(soap);
    must(proxy, ready(proxy).syncMultipleLeads(params, *answer));
    return answer->result->syncStatusList->syncStatus.at(0);
}

static std::vector<ns1__MObjStatus *> sync_objects(MktowsApiSoapBindingProxy &proxy, ns1__SyncOperationEnum operation,
                                                   const std::vector<ns1__MObject *> &objects) {
    auto *params = soap_new_ns1__ParamsSyncMObjects(proxy.soap);
    params->mObjectList = soap_new_ns1__ArrayOfMObject(proxy.soap);
    params->mObjectList->mObject = objects;
    params->operation = operation;
    auto *answer = soap_new_ns1__SuccessSyncMObjects(proxy.soap);
    must(proxy, ready(proxy).syncMObjects(params, *answer));
    return answer->result->mObjStatusList->mObjStatus;
}

static ns1__SyncStatusEnum sync_show(MktowsApiSoapBindingProxy &proxy, const Pairs &keys, const std::string &city,
                                     ns1__SyncOperationEnum operation) {
    soap *soap = proxy.soap;
    auto *object = soap_new_ns1__CustomObj(soap);
    object->customObjKeyList = attributes(soap, keys);
    object->customObjAttributeList = attributes(soap, {{"city", city}});
    auto *params = soap_new_ns1__ParamsSyncCustomObjects(soap);
    params->objTypeName = "RoadShow";
    params->customObjList = soap_new_ns1__ArrayOfCustomObj(soap);
    params->customObjList->customObj.push_back(object);
    params->operation = &operation;
    auto *answer = soap_new_ns1__SuccessSyncCustomObjects(soap);
    must(proxy, ready(proxy).syncCustomObjects(params, *answer));
    return answer->result->syncCustomObjStatusList->syncCustomObjStatus.at(0)->status;
}

int main() {
    MktowsApiSoapBindingProxy proxy(endpoint.c_str(), SOAP_C_UTFSTRING);
    soap *soap = proxy.soap;
    const std::string unique = std::to_string(std::time(nullptr)) + "-" + std::to_string(getpid());

    const std::string email = "cpp." + unique + "@example.com";
    auto *status = sync_lead(proxy, email, {{"FirstName", "Ann"}, {"Company", "Söhne & Co <AG>"}});
    check(ns1__LeadSyncStatus__CREATED, status->status, "the lead is new");
    const int lead = status->leadId;
    auto *wanted = soap_new_ns1__ParamsGetLead(soap);
    wanted->leadKey = soap_new_ns1__LeadKey(soap);
    wanted->leadKey->keyType = ns1__LeadKeyRef__EMAIL;
    wanted->leadKey->keyValue = email;
    auto *found = soap_new_ns1__SuccessGetLead(soap);
    must(proxy, ready(proxy).getLead(wanted, *found));
    for (auto *attribute : found->result->leadRecordList->leadRecord.at(0)->leadAttributeList->attribute) {
        if (attribute->attrName == "Company") {
            check(std::string("Söhne & Co <AG>"), attribute->attrValue, "its company is read back");
        }
    }

    auto *cost = soap_new_ns1__TypeAttrib(soap);
    cost->attrType = "Cost";
    cost->attrList = attribs(soap, {{"Month", "2013-06"}, {"Amount", "2000"}});
    auto *program = soap_new_ns1__MObject(soap);
    int number = 1970;
    program->type = "Program";
    program->id = &number;
    program->typeAttribList = soap_new_ns1__ArrayOfTypeAttrib(soap);
    program->typeAttribList->typeAttrib.push_back(cost);
    auto statuses = sync_objects(proxy, ns1__SyncOperationEnum__UPDATE, {program});
    check(ns1__MObjStatusEnum__UPDATED, statuses.at(0)->status, "the program has a new cost");

    auto *deal = soap_new_ns1__MObject(soap);
    deal->type = "Opportunity";
    deal->externalKey = attrib(soap, "opportunityId", "cpp-" + unique);
    deal->attribList = attribs(soap, {{"Name", "Q1 deal"}, {"Amount", "501.00"}});
    auto *to_deal = soap_new_ns1__MObjAssociation(soap);
    to_deal->mObjType = "Opportunity";
    to_deal->externalKey = deal->externalKey;
    auto *to_lead = soap_new_ns1__MObjAssociation(soap);
    int lead_number = lead;
    to_lead->mObjType = "Lead";
    to_lead->id = &lead_number;
    auto *role = soap_new_ns1__MObject(soap);
    role->type = "OpportunityPersonRole";
    role->attribList = attribs(soap, {{"Role", "Influencer"}});
    role->associationList = soap_new_ns1__ArrayOfMObjAssociation(soap);
    role->associationList->mObjAssociation = {to_deal, to_lead};
    statuses = sync_objects(proxy, ns1__SyncOperationEnum__UPSERT, {deal, role});
    check(ns1__MObjStatusEnum__CREATED, statuses.at(0)->status, "the opportunity is new");
    check(ns1__MObjStatusEnum__CREATED, statuses.at(1)->status, "the role is new");
    auto *query = soap_new_ns1__ParamsGetMObjects(soap);
    query->type = "Opportunity";
    query->externalKey = deal->externalKey;
    auto *page = soap_new_ns1__SuccessGetMObjects(soap);
    must(proxy, ready(proxy).getMObjects(query, *page));
    for (auto *read : page->result->mObjectList->mObject.at(0)->attribList->attrib) {
        if (read->name == "Amount") {
            check(std::string("501"), read->value, "the amount is read back");
        }
    }

    const Pairs keys = {{"MKTOID", std::to_string(lead)}, {"rid", unique}};
    check(ns1__SyncStatusEnum__CREATED, sync_show(proxy, keys, "SanMateo", ns1__SyncOperationEnum__UPSERT), "the road show is new");
    check(ns1__SyncStatusEnum__UNCHANGED, sync_show(proxy, keys, "SanMateo", ns1__SyncOperationEnum__UPSERT), "the same again changes nothing");
    check(ns1__SyncStatusEnum__SKIPPED, sync_show(proxy, keys, "Oslo", ns1__SyncOperationEnum__INSERT), "what is there is not inserted");
    auto *search = soap_new_ns1__ParamsGetCustomObjects(soap);
    search->objTypeName = "RoadShow";
    search->customObjKeyList = attributes(soap, {{"MKTOID", std::to_string(lead)}});
    search->includeAttributes = soap_new_ns1__ArrayOfString(soap);
    auto *shows = soap_new_ns1__SuccessGetCustomObjects(soap);
    must(proxy, ready(proxy).getCustomObjects(search, *shows));
    check(std::string("SanMateo"), shows->result->customObjList->customObj.at(0)->customObjAttributeList->attribute.at(0)->attrValue, "the city is read back");
    return 0;
}
