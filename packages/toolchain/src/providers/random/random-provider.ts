import type { Provider } from "../protocol/resource-type";
import { randomId, randomInteger, randomPet, randomUuid } from "./random-id";
import { randomPassword, randomString } from "./random-string";

export const randomProvider: Provider = {
  name: "random",
  resources: {
    "random:index/randomPassword:RandomPassword": randomPassword,
    "random:index/randomString:RandomString": randomString,
    "random:index/randomId:RandomId": randomId,
    "random:index/randomPet:RandomPet": randomPet,
    "random:index/randomInteger:RandomInteger": randomInteger,
    "random:index/randomUuid:RandomUuid": randomUuid,
  },
};
