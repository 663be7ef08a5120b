import { describeKafkaProcessors } from '../test/kafka/describe-kafka-processors.ts';

describeKafkaProcessors('platformatic');
